"""bundles: config.json and rootfs still are what the containers were made of.

``--deep`` compares all files of those that "bundle create" has made with their manifests.
"""

import os

from nexcage.checks import Entry, Host, Result
from nexcage.checks.told import Teller, counted, records, status
from nexcage.errors import InvalidBundle, NexcageError
from nexcage.host import files
from nexcage.oci.bundle import LARGEST_CONFIG, digest
from nexcage.state.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexcage.oci.rules import Object


def check(host: Host) -> "Iterator[Result]":
    """What create read, and what it found."""
    ours = [(entry, record) for entry, record in records(host) if not _is_apart(record)]
    tell = Teller("bundles", "config")
    good = f"config.json of {counted(len(ours), 'container')} as it was at create"
    yield from tell.all(_configs(ours, tell), lambda: good)
    tell = Teller("bundles", "rootfs")
    yield from tell.all(
        _roots(ours, tell), lambda: f"the rootfs of {counted(len(ours), 'container')} is there"
    )
    made = _made(ours)
    tell = Teller("bundles", "overlays")
    yield from tell.all(
        _overlays(host, made, tell), lambda: "all overlays are mounted, and have their layers"
    )
    if host.deep:
        tell = Teller("bundles", "files")
        compared = f"the files of {counted(len(made), 'bundle')} are those of the manifest"
        yield from tell.all(_compared(made, tell), lambda: compared)


def _is_apart(record: Record) -> bool:
    """Whether it needs no bundle: made of a template or an image, or its files are on a volume."""
    if record.config_file == "" or not record.rootfs:
        return True
    if record.driver != "pct" or os.path.isdir(record.rootfs):
        return False
    from nexcage.drivers.pct import node, parse

    text = node.conf(record.handle) or ""
    return record.rootfs not in parse.sections(text)[""].get("rootfs", "")


# -- what create read


def _configs(ours: "list[tuple[Entry, Record]]", tell: Teller) -> "Iterator[Result]":
    known: dict[str, str | OSError] = {}
    older = []
    for _, record in ours:
        path = record.config_file
        if path is None:
            older.append(record.id)
            continue
        if path not in known:
            try:
                known[path] = digest(files.read(path, LARGEST_CONFIG))
            except OSError as error:
                known[path] = error
        seen = known[path]
        if seen == record.config_digest:
            continue
        told = {"id": record.id, "path": path, "expected": record.config_digest}
        if isinstance(seen, OSError):
            what = f"cannot be read: {(seen.strerror or str(seen)).lower()}"
            hint = f"bring it back, or remove the container: nexcage delete {record.id}"
        else:
            what = "was changed since create"
            hint = "make it what it was, or create the container again"
            told["actual"] = seen
        yield tell.fail(f'container "{record.id}": {path} {what}', hint, **told)
    if older:
        what = "was" if len(older) == 1 else "were"
        message = f"{counted(len(older), 'container')} {what} made by an older nexcage, which kept no digest"
        yield tell.warn(message, "create them again when there is time", ids=older)


def _roots(ours: "list[tuple[Entry, Record]]", tell: Teller) -> "Iterator[Result]":
    for _, record in ours:
        if not os.path.isdir(record.rootfs):
            what = "is no directory any more" if os.path.lexists(record.rootfs) else "does not exist any more"
            hint = f"bring it back, or remove the container: nexcage delete {record.id}"
            message = f'container "{record.id}": the rootfs {record.rootfs} {what}'
            yield tell.fail(message, hint, id=record.id, path=record.rootfs)


# -- bundles of "bundle create"


def _made(ours: "list[tuple[Entry, Record]]") -> "dict[str, list[tuple[Entry, Record]]]":
    """The containers by their bundle, those alone that nexcage has made."""
    found: dict[str, list[tuple[Entry, Record]]] = {}
    for entry, record in ours:
        if os.path.lexists(f"{record.bundle}/.nexcage/bundle.json"):
            found.setdefault(record.bundle, []).append((entry, record))
    return found


def _overlays(host: Host, made: "dict[str, list[tuple[Entry, Record]]]", tell: Teller) -> "Iterator[Result]":
    from nexcage.bundler import overlay, record

    for bundle, containers in made.items():
        try:
            values = record.read(bundle)
        except NexcageError as error:
            message = f"bundle {bundle}: {error.message}"
            yield tell.fail(message, error.hint or "make the bundle again", bundle=bundle, code=error.code)
            continue
        placed = (values or {}).get("rootfs")
        if not isinstance(placed, dict) or placed.get("mode") != "overlay":
            continue
        yield from _layers(bundle, values or {}, placed, tell)
        if overlay.is_mounted(f"{bundle}/rootfs"):
            continue
        running = [each.id for entry, each in containers if status(host, entry, each) != "stopped"]
        if running:
            message = f'bundle {bundle} is not mounted, and container "{running[0]}" runs in it'
            yield tell.fail(message, f"stop it: nexcage stop {running[0]}", bundle=bundle, ids=running)
        else:
            message = f"bundle {bundle} is not mounted"
            yield tell.warn(message, "create a container of it, which mounts it again", bundle=bundle)


def _layers(bundle: str, values: "Object", placed: "Object", tell: Teller) -> "Iterator[Result]":
    lowers = placed.get("lowers")
    missing = (
        [path for path in lowers if not os.path.isdir(str(path))] if isinstance(lowers, list) else [None]
    )
    if missing:
        message = f"the cache has lost {counted(len(missing), 'layer')} of bundle {bundle}"
        hint = f"make the bundle again from {values.get('source')}"
        yield tell.fail(message, hint, bundle=bundle, missing=missing)


def _compared(made: "dict[str, list[tuple[Entry, Record]]]", tell: Teller) -> "Iterator[Result]":
    from nexcage.bundler.manifest.changes import sentence, shown
    from nexcage.bundler.manifest.made import verify

    for bundle in made:
        hint = f"see all of it: nexcage bundle verify {bundle}"
        try:
            with verify(bundle) as found:
                differences = 0
                first = ""
                for each in found:
                    if each.path == b"config.json":
                        continue  # it may be changed before create, which is what counts
                    first = first or f"{shown(each.path)}: {sentence(each)}"
                    differences += 1
        except InvalidBundle as error:
            yield tell.fail(f"bundle {bundle}: {error.message}", error.hint or hint, bundle=bundle)
            continue
        if differences:
            message = f"bundle {bundle} has {counted(differences, 'difference')} from its manifest, {first}"
            yield tell.warn(message, hint, bundle=bundle, differences=differences)
