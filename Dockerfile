# One image for everything: the command says what runs (start, gateway, subgraph NAME).

FROM node:24-slim AS web
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY web web
RUN npx vite build web --logLevel warn

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The optional packages are Node itself, for machines whose own is older.
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force
COPY app app
COPY demo demo
COPY gateway gateway
COPY lib lib
COPY schema schema
COPY services services
COPY --from=web /app/web/dist web/dist
# The only folders that are written to: the state and its key, where no database is configured (a new volume takes their owner),
# and what Node compiled.
RUN mkdir .modelops .cache && chown node:node .modelops .cache && chmod 700 .modelops .cache
USER node
ENTRYPOINT ["node", "app/modelops.js"]
CMD ["start"]
