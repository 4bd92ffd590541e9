"""A runtime that loads nothing from anywhere: what it is like is written in its model-settings.json."""

import asyncio
from pathlib import Path

from mlserver import MLModel
from mlserver.errors import InvalidModelURI
from mlserver.types import InferenceRequest, InferenceResponse, MetadataModelResponse, ResponseOutput

ZEROS = {"BYTES": "", "BOOL": False, "FP32": 0.0, "FP64": 0.0}


class TableModel(MLModel):
    @property
    def _told(self) -> dict:
        return self.settings.parameters.extra or {}

    async def load(self) -> bool:
        release = self._told.get("wait_for_file")
        while release and not Path(release).exists():
            await asyncio.sleep(0.05)
        if "missing_file" in self._told:
            # A real path in the message: answers that leak it must be seen to.
            raise InvalidModelURI(self.name, self._told["missing_file"])
        return True

    async def metadata(self) -> MetadataModelResponse:
        """MLServer itself shows no parameters of a model; a runtime that knows what it loaded can."""
        described = await super().metadata()
        described.parameters = self._told.get("metadata")
        return described

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        outputs = [
            ResponseOutput(name=o.name, datatype=o.datatype, shape=[1], data=[ZEROS.get(o.datatype, 0)])
            for o in self.settings.outputs or []
        ]
        return InferenceResponse(model_name=self.name, model_version=self.version, outputs=outputs)
