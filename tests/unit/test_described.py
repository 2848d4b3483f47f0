"""Feelings described in words: by the word list, by a sentence embedding, and told from names."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from animator.cli.options import assemble
from animator.core.script import felt, parse_feelings, weigh
from animator.directing import directed, felt_as, saying
from animator.embedders import lexicon, sentence
from animator.embedders.described import LIST, SENTENCE, described, understood
from animator.embedders.space import blends
from animator.errors import InputError, UnknownNameError
from animator.io.categories import categories, names
from animator.io.rig import load_rig
from animator.io.script import parse_script
from animator.nn.bert import bert
from animator.recipe import Recipe, recipe_from_toml, recipe_to_toml

FEELINGS = tuple(load_rig("arkit").emotions)
KNOWN = names(FEELINGS)


@pytest.mark.parametrize(
    ("text", "feelings"),
    [
        ("very angry", "anger:0.95"),
        ("barely holding back tears", "sadness:0.35"),
        ("slightly worried", "distress:0.35"),
        ("not angry any more, just tired", "fatigue:0.75"),
        ("not happy at all", "disappointment:0.75"),
        ("no longer afraid", "calm:0.75"),
        ("Overjoyed and proud!", "elation:0.38,pride:0.38"),
        ("over the moon", "elation:0.75"),
        ("stunned", "astonishment:0.75"),
    ],
)
def test_the_word_list_hears_words_phrases_degrees_and_denials(text, feelings):
    assert described(text, LIST) == (feelings, LIST)


def test_what_tells_no_feeling_is_told():
    with pytest.raises(InputError, match="nothing in 'the square root of seven' tells a feeling"):
        described("the square root of seven", LIST)


def test_every_category_has_sentences_and_words_and_every_entry_is_a_category():
    table = lexicon.descriptions()
    known = {*categories()["categories"], "calm"}
    assert set(table["prompts"]) == set(table["words"]) == known
    listed = [entry for line in table["words"].values() for entry in line.split()]
    assert len(listed) > 500
    assert all(0 < degree <= 1 for degree in table["degrees"].values())
    assert all(len(told) >= 3 for told in table["prompts"].values())


@pytest.mark.parametrize("category", [*categories()["categories"], "calm"])
def test_each_category_is_found_by_its_own_words(category):
    for entry in lexicon.descriptions()["words"][category].split():
        told = lexicon.tell(entry.replace("-", " "))[1]
        assert told and told[0].stop == len(lexicon.tell(entry.replace("-", " "))[0])


def test_more_is_never_less():
    amounts = [
        parse_feelings(described(f"{word} sad", LIST).feelings)["sadness"] for word in ("barely", "somewhat", "quite", "very")
    ]
    assert amounts == sorted(amounts)
    assert amounts[0] < parse_feelings(described("sad and lonely", LIST).feelings)["sadness"] < amounts[-1]


@pytest.mark.parametrize("text", ["happy", "happy:0.6,brows:sad:0.2", "vad(0.1,0.2,0.3)", "worried", "nonsuch:0.3", "nonsuch"])
def test_names_are_no_descriptions(text):
    assert understood(text, KNOWN) == (text, {})


@pytest.mark.parametrize(
    ("text", "written", "described_as"),
    [
        ("close to tears", "close to tears", {"close to tears"}),
        ("angry, but trying to hide it", "angry but trying to hide it", {"angry but trying to hide it"}),
        ("text: heartbroken", "heartbroken", {"heartbroken"}),
        ("“furious”", "furious", {"furious"}),
        ("happy:0.5, brows: a bit worried:0.5", "happy:0.5,brows:a bit worried:0.5", {"a bit worried"}),
    ],
)
def test_several_words_quotes_or_text_make_a_description(text, written, described_as):
    told, meanings = understood(text, KNOWN)
    assert (told, set(meanings)) == (written, described_as)
    parse_feelings(told)


@pytest.mark.parametrize("text", ["happy 0.7", "sad 0.4, happy 0.3", "brows:angry 80%", "happy=0.7", "smug = 0.5"])
def test_a_weight_without_its_colon_is_no_description(text):
    with pytest.raises(InputError, match=r"a colon stands before the weight of a feeling: .* write \w+:0\.7"):
        felt_as(Recipe(), text)


def test_a_recipe_keeps_what_a_description_was_taken_for():
    recipe = felt_as(Recipe(), '"very angry, nearly shouting"')
    meaning = recipe.feelings["very angry nearly shouting"]
    assert recipe.part("embedder").feelings == meaning["near"]
    assert recipe_from_toml(recipe_to_toml(recipe)) == recipe


def test_a_mixture_may_be_given_a_name_and_a_name_that_the_rig_has_may_stand_in_quotes():
    recipe = felt_as(Recipe(), "dread = fear:0.4+surprised:0.5")
    assert recipe.feelings == {"dread": "fear:0.4+surprised:0.5"}
    assert recipe.part("embedder").feelings == "fear:0.4,surprised:0.5"
    with pytest.raises(UnknownNameError, match="no feeling 'feer' in the feelings, 'dread'; did you mean 'fear'"):
        felt_as(Recipe(), "dread = feer:0.4")
    with pytest.raises(InputError, match="has a feeling 'happy' already"):
        felt_as(Recipe(), "happy = fear:0.4")
    quoted = felt_as(Recipe(), '"happy"')
    assert not quoted.feelings
    quoted.performed_rig()


def test_scripts_and_tags_may_describe_and_misspelt_names_are_still_told():
    script = parse_script('[[cue]]\nstart = 0.0\nfeeling = "very angry"', "s")
    assert parse_feelings(directed(Recipe(), script).part("embedder").cues[0].feeling).keys() >= {"anger"}
    assert "sadness" in saying(Recipe(), "oh [close to tears] no").part("embedder").cues[1].feeling
    with pytest.raises(UnknownNameError, match="did you mean 'angry'"):
        directed(Recipe(), parse_script('[[cue]]\nstart = 0.0\nfeeling = "angryy"', "s"))


def test_the_command_line_takes_descriptions_that_end_like_files():
    recipe = assemble({"emotion": "tired and sad, e.g."})
    assert recipe.embedder.name == "label"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Path:
    """A BERT of two layers with weights at random, and a tokenizer that knows five words."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    folder = tmp_path_factory.mktemp("bert")
    tokenizer = Tokenizer(WordLevel({"[PAD]": 0, "[UNK]": 1, "so": 2, "very": 3, "sad": 4}, "[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.enable_padding(length=6)
    tokenizer.save(str(folder / "tokenizer.json"))
    save_file(weights(), folder / "model.safetensors")
    return folder


def weights(width=24, hidden=32, layers=2):
    torch.manual_seed(0)
    shapes = {
        "embeddings.word_embeddings.weight": (5, width),
        "embeddings.position_embeddings.weight": (8, width),
        "embeddings.token_type_embeddings.weight": (2, width),
    }
    linear = {"embeddings.LayerNorm": None}
    for i in range(layers):
        at = f"encoder.layer.{i}"
        linear |= {f"{at}.attention.self.{part}": (width, width) for part in ("query", "key", "value")}
        linear |= {f"{at}.attention.output.dense": (width, width), f"{at}.attention.output.LayerNorm": None}
        linear |= {
            f"{at}.intermediate.dense": (hidden, width),
            f"{at}.output.dense": (width, hidden),
            f"{at}.output.LayerNorm": None,
        }
    for name, shape in linear.items():
        shapes |= {f"{name}.weight": shape or (width,), f"{name}.bias": (shape or (width,))[:1]}
    return {name: 0.3 * torch.randn(shape) for name, shape in shapes.items()}


def plain(tensors, tokens, heads, tiny):
    """A slow BERT over one sentence without padding, as the paper has it."""
    t = {name: each.double().numpy() for name, each in tensors.items()}

    def dense(x, name):
        return x @ t[f"{name}.weight"].T + t[f"{name}.bias"]

    def normed(x, name):
        x = (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + tiny)
        return x * t[f"{name}.weight"] + t[f"{name}.bias"]

    x = t["embeddings.word_embeddings.weight"][tokens] + t["embeddings.position_embeddings.weight"][: len(tokens)]
    x = normed(x + t["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for i in range(2):
        at = f"encoder.layer.{i}"
        q, k, v = (np.split(dense(x, f"{at}.attention.self.{part}"), heads, axis=1) for part in ("query", "key", "value"))
        met = []
        for a, b, c in zip(q, k, v, strict=True):
            logits = a @ b.T / np.sqrt(a.shape[1])
            shares = np.exp(logits - logits.max(1, keepdims=True))
            met.append(shares / shares.sum(1, keepdims=True) @ c)
        x = normed(x + dense(np.concatenate(met, 1), f"{at}.attention.output.dense"), f"{at}.attention.output.LayerNorm")
        inner = torch.nn.functional.gelu(torch.from_numpy(dense(x, f"{at}.intermediate.dense"))).numpy()
        x = normed(x + dense(inner, f"{at}.output.dense"), f"{at}.output.LayerNorm")
    return x


def test_a_sentence_is_the_mean_of_its_tokens_as_a_slow_bert_has_them(tiny):
    rows = sentence.embed(["very sad", "so very sad"], tiny)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-6)
    for row, tokens in zip(rows, ([3, 4], [2, 3, 4]), strict=True):
        mean = plain(weights(), tokens, sentence.HEADS, sentence.TINY).mean(axis=0)
        np.testing.assert_allclose(row, mean / np.linalg.norm(mean), atol=2e-5)
    np.testing.assert_allclose(sentence.embed(["very sad"], tiny)[0], rows[0], atol=1e-6)


def test_sizes_follow_from_the_weights():
    net = bert(weights(), 12, 1e-12)
    assert (net.words.num_embeddings, net.places.num_embeddings, len(net.layers.layers)) == (5, 8, 2)


@pytest.mark.skipif(not sentence.installed(), reason="needs the extra 'text'")
@pytest.mark.parametrize(("text", "leads"), [("close to tears", "sad"), ("smelling something rotten", "disgusted")])
def test_the_embedding_reads_what_the_list_lacks(text, leads):
    weights = weigh(described(text, SENTENCE).feelings, FEELINGS, blends=blends(FEELINGS))["all"]
    assert leads == felt(FEELINGS)[int(weights.argmax())]
