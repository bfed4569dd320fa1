"""Makes image layouts and archives for the tests, and spoils them on demand."""

import hashlib
import io
import json
import tarfile

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar"
REF = "org.opencontainers.image.ref.name"


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def tar(files):
    """A tar with name → bytes; a str is the target of a link."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            if isinstance(content, str):
                member.type, member.linkname = tarfile.SYMTYPE, content
                archive.addfile(member)
            else:
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    return data.getvalue()


class Maker:
    """Blobs by digest, and the documents that name them."""

    def __init__(self):
        self.files = {"oci-layout": b'{"imageLayoutVersion": "1.0.0"}'}

    def blob(self, content, kind, **more):
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.files["blobs/" + digest(data).replace(":", "/")] = data
        return {"mediaType": kind, "digest": digest(data), "size": len(data), **more}

    def config(self, layers, platform="linux/amd64", **more):
        system, arch, *variant = platform.split("/")
        return {
            "architecture": arch,
            "os": system,
            **({"variant": variant[0]} if variant else {}),
            "config": {
                "Env": ["A=b"],
                "Cmd": ["sh"],
                "Labels": {"a": "b"},
                "Volumes": {"/v": {}},
                "User": "1",
            },
            "rootfs": {"type": "layers", "diff_ids": [digest(layer) for layer in layers]},
            "history": [{"created_by": "x"}],
            **more,
        }

    def manifest(self, platform="linux/amd64", layers=(b"layer",), kind=LAYER, **more):
        return {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": self.blob(self.config(layers, platform), CONFIG),
            "layers": [self.blob(layer, kind) for layer in layers],
            **more,
        }

    def image(self, platform="linux/amd64", *, tag="", say=True, **more):
        """The descriptor of a new image."""
        system, arch, *variant = platform.split("/")
        where = {"os": system, "architecture": arch, **({"variant": variant[0]} if variant else {})}
        return self.blob(
            self.manifest(platform, **more),
            MANIFEST,
            **({"platform": where} if say else {}),
            **({"annotations": {REF: tag}} if tag else {}),
        )

    def index(self, *descriptors, **more):
        return {"schemaVersion": 2, "mediaType": INDEX, "manifests": list(descriptors), **more}

    def root(self, *descriptors):
        self.files["index.json"] = json.dumps(self.index(*descriptors)).encode()
        return self

    def write(self, directory):
        for name, data in self.files.items():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return str(directory)
