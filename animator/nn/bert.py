"""A BERT encoder of PyTorch's own layers, with the weights under the names that published models give them."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn


class Bert(nn.Module):
    """Tokens to vectors (Devlin et al. 2019): sums of word, place and segment, then layers of attention that normalise last."""

    def __init__(self, words: int, places: int, width: int, hidden: int, layers: int, heads: int, tiny: float) -> None:
        super().__init__()
        self.words, self.places, self.segment = nn.Embedding(words, width), nn.Embedding(places, width), nn.Embedding(2, width)
        self.norm = nn.LayerNorm(width, tiny)
        layer = nn.TransformerEncoderLayer(width, heads, hidden, 0.0, "gelu", tiny, batch_first=True)
        self.layers = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)

    def forward(self, tokens: Int[Tensor, "N T"], absent: Bool[Tensor, "N T"]) -> Float[Tensor, "N T D"]:
        """A vector a token; those that are absent are not looked at."""
        places = torch.arange(tokens.shape[1], device=tokens.device)
        summed = self.words(tokens) + self.places(places) + self.segment.weight[0]
        told: Tensor = self.layers(self.norm(summed), src_key_padding_mask=absent)
        return told


def bert(tensors: Mapping[str, Tensor], heads: int, tiny: float) -> Bert:
    """The encoder whose weights these are, ready to be asked; sizes follow from them."""
    words, width = tensors["embeddings.word_embeddings.weight"].shape
    places = tensors["embeddings.position_embeddings.weight"].shape[0]
    hidden = tensors["encoder.layer.0.intermediate.dense.weight"].shape[0]
    layers = 1 + max(int(name.split(".")[2]) for name in tensors if name.startswith("encoder.layer."))
    with torch.device("meta"):
        net = Bert(words, places, width, hidden, layers, heads, tiny)
    state = {
        "words.weight": tensors["embeddings.word_embeddings.weight"],
        "places.weight": tensors["embeddings.position_embeddings.weight"],
        "segment.weight": tensors["embeddings.token_type_embeddings.weight"],
    }
    renamed = {"norm": "embeddings.LayerNorm"}
    for i in range(layers):
        ours, theirs = f"layers.layers.{i}", f"encoder.layer.{i}"
        renamed |= {
            f"{ours}.self_attn.out_proj": f"{theirs}.attention.output.dense",
            f"{ours}.norm1": f"{theirs}.attention.output.LayerNorm",
            f"{ours}.linear1": f"{theirs}.intermediate.dense",
            f"{ours}.linear2": f"{theirs}.output.dense",
            f"{ours}.norm2": f"{theirs}.output.LayerNorm",
        }
        for kind in ("weight", "bias"):
            asked = [tensors[f"{theirs}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
            state[f"{ours}.self_attn.in_proj_{kind}"] = torch.cat(asked)
    state |= {f"{ours}.{kind}": tensors[f"{theirs}.{kind}"] for ours, theirs in renamed.items() for kind in ("weight", "bias")}
    net.load_state_dict(state, assign=True)
    return net.eval()
