"""Our float32 graph in, a model folder as Chroma's default class expects it out: the same weights, nothing downloaded.

The graph of `index.minilm` takes the ids of one text. Chroma's class feeds padded batches with a mask, and does the
averaging itself, so the graph gets a mask and ends where the states of the tokens are.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from index import minilm

_FILES = ("config.json", "special_tokens_map.json", "tokenizer_config.json", "tokenizer.json", "vocab.txt")
_STATE = "encoder.layer.5.output.LayerNorm"  # the last layer's output, before averaging


def model_folder(target: Path) -> Path:
    """Make the folder, unless it is there already."""
    inner = target / "onnx"
    if not (inner / "model.onnx").exists():
        inner.mkdir(parents=True, exist_ok=True)
        for name in _FILES:
            shutil.copyfile(minilm.weights_folder() / name, inner / name)
        _write_graph(inner / "model.onnx")
    return target


def _write_graph(target: Path) -> None:
    import onnx
    from onnx import TensorProto, helper

    plain = target.with_name("plain.onnx")
    minilm.exact(plain)
    graph = onnx.load(str(plain)).graph
    plain.unlink()

    inputs = {"input_ids": "ids", "attention_mask": "present", "token_type_ids": "segments"}
    nodes = [helper.make_node("Cast", [name], [made], to=TensorProto.INT32) for name, made in inputs.items()]
    for node in graph.node:
        if node.output[0] in ("segments", "tokens", "mean", "vector"):
            continue
        if node.op_type == "EmbedLayerNormalization":
            node.input[0] = "ids"
        elif node.op_type == "Attention":
            node.input.append("present")
        node.output[:] = ["last_hidden_state" if name == _STATE else name for name in node.output]
        nodes.append(node)
    used = {name for node in nodes for name in node.input}
    made = helper.make_graph(
        nodes,
        "all-MiniLM-L6-v2, batches",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"]) for name in inputs],
        [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "length", minilm.DIMENSIONS])],
        [constant for constant in graph.initializer if constant.name in used],
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
    onnx.save(helper.make_model(made, opset_imports=opsets, ir_version=9), str(target))
