"""A model for Triton's python backend that computes nothing: how it loads is written in load.json beside it."""

import json
import time
from pathlib import Path

import numpy
import triton_python_backend_utils as triton


class TritonPythonModel:
    def initialize(self, args):
        self.outputs = json.loads(args["model_config"])["output"]
        told = json.loads((Path(__file__).parent / "load.json").read_text())
        while told.get("wait_for_file") and not Path(told["wait_for_file"]).exists():
            time.sleep(0.05)
        if "missing_file" in told:
            # A real path in the message: answers that leak it must be seen to.
            raise RuntimeError("weights missing: " + told["missing_file"])

    def execute(self, requests):
        return [triton.InferenceResponse([self.zeros(output) for output in self.outputs]) for _ in requests]

    def zeros(self, output):
        shape = [max(1, int(size)) for size in output["dims"]]
        return triton.Tensor(output["name"], numpy.zeros(shape, triton.triton_string_to_numpy(output["data_type"])))
