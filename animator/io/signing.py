"""Clips signed by the user: a C2PA manifest that says who vouches for the file, what made it, and that it is unchanged since.

C2PA Technical Specification 2: one action ``c2pa.created`` with IPTC's digital source type, bound to the file's bytes by a hash
and signed with the user's key. Readers trust a signature whose certificate leads to one on their list; ours is no certificate
authority, and no time stamp is fetched, so nothing leaves this machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from animator.core.provenance import GENERATED, SOFTWARE, VERSION
from animator.errors import InputError, MissingDependencyError

SIGNED = (".mp4", ".mov")
"""Suffixes of clips that can hold a manifest."""

_CURVES = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}


@dataclass(frozen=True)
class Signer:
    """Somebody who vouches for clips; that key and certificates can sign is tried out at once.

    Parameters
    ----------
    key
        The file of a private key (PEM, without a password): ECDSA on P-256, P-384 or P-521, Ed25519, or RSA.
    certificates
        The file of its certificate and those that lead from it to a root (PEM).

    Raises
    ------
    InputError
        A file cannot be read, holds no key of these kinds, or not what C2PA asks of it.
    MissingDependencyError
        c2pa-python is not installed.
    """

    key: Path
    certificates: Path
    _info: Any = field(init=False, repr=False)

    def __post_init__(self) -> None:
        try:
            import c2pa
        except ImportError as error:
            raise MissingDependencyError(f"signing needs c2pa-python ({error}); pip install 'animator[c2pa]'") from None
        algorithm, key = _private(_read(self.key), self.key)
        object.__setattr__(self, "_info", c2pa.C2paSignerInfo(algorithm, _read(self.certificates), key, None))
        from PIL import Image

        dot = BytesIO()
        Image.new("L", (1, 1)).save(dot, "PNG")
        dot.seek(0)
        self._apply("dot.png", GENERATED, lambda builder, signer: builder.sign(signer, "image/png", dot, BytesIO()))

    def sign(self, path: Path, source: str) -> None:
        """Sign a clip where it lies.

        Parameters
        ----------
        path
            A file with a suffix of `SIGNED`.
        source
            Which kind of media it is, a URI of `animator.core.provenance`.
        """
        check_signed(path)
        signed = path.with_name(f"signed-{path.name}")
        self._apply(path.name, source, lambda builder, signer: builder.sign_file(str(path), str(signed), signer))
        signed.replace(path)

    def _apply(self, title: str, source: str, sign: Any) -> None:
        """Let ``sign(builder, signer)`` lay the manifest of a file of this title into it."""
        import c2pa

        agent = {"name": SOFTWARE, "version": VERSION}
        created = {"action": "c2pa.created", "digitalSourceType": source, "softwareAgent": agent}
        actions = {"label": "c2pa.actions", "data": {"actions": [created]}}
        manifest = {"claim_generator_info": [agent], "title": title, "assertions": [actions]}
        try:
            with c2pa.Signer.from_info(self._info) as signer, c2pa.Builder(manifest) as builder:
                sign(builder, signer)
        except c2pa.C2paError as error:
            raise InputError(f"C2PA does not sign with {self.key.name!r} and {self.certificates.name!r}: {error}") from None


def check_signed(path: Path) -> None:
    """Raise `InputError` unless a clip of this name can be signed."""
    if path.suffix.lower() not in SIGNED:
        raise InputError(f"C2PA signs {' and '.join(SIGNED)} files, so {path.name!r} cannot be signed")


def _private(pem: bytes, path: Path) -> tuple[str, bytes]:
    """The name in C2PA of the signature that a key makes, and the key in PKCS #8, as the library wants it."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise InputError(f"{str(path)!r} holds no private key in PEM without a password") from None
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        algorithm = _CURVES[key.curve.name]
    elif isinstance(key, ed25519.Ed25519PrivateKey):
        algorithm = "ed25519"
    elif isinstance(key, rsa.RSAPrivateKey):
        algorithm = "ps256"
    else:
        raise InputError(f"C2PA signs with ECDSA on P-256, P-384 or P-521, Ed25519 or RSA, not with the key in {str(path)!r}")
    return algorithm, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read: {error.strerror}") from None
