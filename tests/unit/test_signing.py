"""A clip signed with a key chain of one's own, read back by C2PA's own reader."""

import datetime
import json
from fractions import Fraction

import numpy as np
import pytest

from animator.core.frames import Frames
from animator.core.provenance import COMPOSITE
from animator.errors import InputError
from animator.io.signing import Signer, check_signed
from animator.io.video import write_video

c2pa = pytest.importorskip("c2pa")
from cryptography import x509  # noqa: E402
from cryptography.hazmat.primitives import hashes  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa  # noqa: E402
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat  # noqa: E402
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID  # noqa: E402

ROOT = ec.generate_private_key(ec.SECP256R1())
KEYS = {
    "p256": ec.generate_private_key(ec.SECP256R1()),
    "p384": ec.generate_private_key(ec.SECP384R1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate(),
    "rsa": rsa.generate_private_key(65537, 2048),
}


def named(name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Studio")])


def certificate(name, key, authority=False):
    """A certificate signed by `ROOT`, in PEM, with what C2PA asks of one."""
    public, now = key.public_key(), datetime.datetime(2026, 1, 1)
    uses = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )
    builder = (
        x509.CertificateBuilder(named("Root"), named(name), public, x509.random_serial_number(), now, now.replace(year=2056))
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=not authority, key_cert_sign=authority, crl_sign=authority, **uses), critical=True
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ROOT.public_key()), critical=False)
    )
    if not authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    return builder.sign(ROOT, hashes.SHA256()).public_bytes(Encoding.PEM)


@pytest.fixture(scope="module")
def safe(tmp_path_factory):
    """``NAME.pem`` and ``NAME.chain`` of each key."""
    at = tmp_path_factory.mktemp("safe")
    for name, key in KEYS.items():
        (at / f"{name}.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        (at / f"{name}.chain").write_bytes(certificate("Ana", key) + certificate("Root", ROOT, authority=True))
    return at


def clip(path):
    pictures = np.full((3, 32, 48, 4), 255, dtype=np.uint8)
    write_video(Frames(48, 32, Fraction(25), 3, pictures, opaque=True), None, path, source=COMPOSITE)
    return path


def manifest(path):
    with c2pa.Reader(str(path)) as reader:
        return json.loads(reader.json())


@pytest.mark.parametrize(("name", "suffix"), [("p256", ".mp4"), ("p384", ".mov"), ("ed25519", ".mp4"), ("rsa", ".mp4")])
def test_the_reader_finds_who_signed_and_that_a_model_made_it(tmp_path, safe, name, suffix):
    path = clip(tmp_path / f"clip{suffix}")
    Signer(safe / f"{name}.pem", safe / f"{name}.chain").sign(path, COMPOSITE)
    read = manifest(path)
    assert read["validation_state"] == "Valid"
    active = read["manifests"][read["active_manifest"]]
    assert active["title"] == path.name
    assert (active["signature_info"]["common_name"], active["signature_info"]["issuer"]) == ("Ana", "Studio")
    (actions,) = (each["data"]["actions"] for each in active["assertions"] if each["label"].startswith("c2pa.actions"))
    assert [(each["action"], each["digitalSourceType"]) for each in actions] == [("c2pa.created", COMPOSITE)]
    assert list(tmp_path.iterdir()) == [path], "nothing else is left"


def test_a_signed_clip_that_was_changed_is_found_out(tmp_path, safe):
    path = clip(tmp_path / "clip.mp4")
    Signer(safe / "p256.pem", safe / "p256.chain").sign(path, COMPOSITE)
    data = bytearray(path.read_bytes())
    at = data.index(b"mdat") + 60
    data[at] ^= 1
    path.write_bytes(data)
    assert manifest(path)["validation_state"] == "Invalid"


def test_a_key_in_the_older_form_signs_too(tmp_path, safe):
    key = tmp_path / "old.pem"
    key.write_bytes(KEYS["p256"].private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
    Signer(key, safe / "p256.chain").sign(clip(tmp_path / "clip.mp4"), COMPOSITE)
    assert manifest(tmp_path / "clip.mp4")["validation_state"] == "Valid"


def test_what_cannot_sign_is_told_before_there_is_a_clip(tmp_path, safe):
    def told(key, certificates, sentence):
        with pytest.raises(InputError, match=sentence):
            Signer(key, certificates)

    locked, wrong = tmp_path / "locked.pem", tmp_path / "wrong.pem"
    locked.write_bytes(KEYS["p256"].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"word")))
    other = ec.generate_private_key(ec.SECP256K1())
    wrong.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    alone = tmp_path / "alone.chain"
    alone.write_bytes(certificate("Root", ROOT, authority=True))
    (tmp_path / "root.pem").write_bytes(ROOT.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    told(tmp_path / "absent.pem", safe / "p256.chain", r"absent.pem' cannot be read: No such file")
    told(safe / "p256.chain", safe / "p256.chain", "holds no private key in PEM without a password")
    told(locked, safe / "p256.chain", "holds no private key in PEM without a password")
    told(wrong, safe / "p256.chain", "C2PA signs with ECDSA on P-256, P-384 or P-521, Ed25519 or RSA, not with the key in")
    told(safe / "p256.pem", safe / "rsa.chain", r"C2PA does not sign with 'p256.pem' and 'rsa.chain'")
    told(tmp_path / "root.pem", alone, "self-signed")


@pytest.mark.parametrize("name", ["clip.webm", "clip"])
def test_containers_without_a_place_for_a_signature_are_told(tmp_path, name):
    with pytest.raises(InputError, match=r"C2PA signs .mp4 and .mov files, so 'clip"):
        check_signed(tmp_path / name)
