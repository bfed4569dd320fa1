"""Archives that pct create unpacks: a bundle's rootfs packed, an image fetched.

They lie in the record's directory, which goes as a whole when create fails.
"""

from nexcage.drivers import Create, Image
from nexcage.errors import CommandFailed, DriverUnavailable, NexcageError
from nexcage.host import process
from nexcage.plan import Remove, Run, Step, Write

PATIENCE = 24 * 3600.0
_BASE, _COUNT = 100_000, 65536  # the ids of unprivileged containers (PVE/LXC.pm, parse_id_maps)


def pack(rootfs: str, path: str, *, mapped: bool) -> tuple[list[Step], list[Step]]:
    """The steps that make the archive ``path`` of ``rootfs``, and those that remove what they needed.

    ``mapped``: the files have the owners of the user namespace, the archive gets those inside.
    """
    tar = process.which("tar")
    if not tar:
        raise DriverUnavailable(
            "tar is not installed, which packs the rootfs",
            code="tar-missing",
            hint="install it: apt install tar",
        )
    argv = [tar, "--create", "--file", path, "--directory", rootfs]
    argv += ["--numeric-owner", "--sparse", "--xattrs", "--xattrs-include=*", "--acls", "--one-file-system"]
    steps: list[Step] = []
    rest: list[Step] = []
    if mapped:
        owners = path + ".owners"
        text = "".join(f"+{_BASE + i} +{i}:{i}\n" for i in range(_COUNT))
        steps.append(Write(owners, text.encode()))
        argv += [f"--owner-map={owners}", f"--group-map={owners}"]
        rest.append(Remove(owners))
    steps.append(Run([*argv, "."], stdio="capture", judge=packed, patience=PATIENCE))
    return steps, rest


def packed(done: process.Completed) -> NexcageError | None:
    """What tar came to; a file that changed while it was read is a failure too (status 1)."""
    if done.status == 0:
        return None
    lines = done.stderr.strip().splitlines()
    said = lines[0] if lines else process.ending(done.status)
    if any("No space left" in line or ": Wrote only " in line for line in lines):
        from nexcage.errors import NoSpace

        return NoSpace(
            "no space left for the archive of the rootfs", hint="free some, or use a --root with space"
        )
    return CommandFailed(
        f"tar: {said}", argv=process.paste(done.argv), status=done.status, stderr=done.stderr
    )


def fetch(image: Image, path: str, call: Create) -> list[Step]:
    """The steps that bring ``image`` (as skopeo names it) to the OCI archive ``path``."""
    from nexcage.bundler.image import platform
    from nexcage.bundler.sources import SourceWishes, docker, registry_errors, verification

    given = {name: texts[0] for name, texts in call.wishes.items()}
    wishes = SourceWishes(
        authfile=given.get("authfile", ""), tls_verify=verification(given.get("src-tls-verify", ""))
    )
    argv = [docker.program(wishes), "copy", "--quiet", "--remove-signatures", *docker.access(wishes, "src-")]
    wanted = platform.parse("")

    def judge(done: process.Completed) -> NexcageError | None:
        return registry_errors.explained(done, image.text, wanted) if done.status else None

    argv += [image.text, f"oci-archive:{path}"]
    return [Run(argv, stdio="capture", judge=judge, patience=PATIENCE, env=docker.environment())]
