"""The records below one root: finding, making, locking and removing them."""

import os

from nexcage.errors import (
    AlreadyExists,
    Locked,
    NexcageError,
    NotFound,
    PermissionDenied,
    StateCorrupt,
    from_os,
)
from nexcage.host import files
from nexcage.jsontext import dumps, loads
from nexcage.state.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

    from nexcage.plan import Plan

# NAME_MAX is 255 and drivers put prefixes and suffixes around a name
LONGEST_NAME = 200
SETTLING = 0.1  # seconds that a directory may be without a record while another command makes or removes it


def short_name(container_id: str) -> str:
    """``container_id``, or a digest where it would not fit a file name or a keyring (no dot in front)."""
    if len(container_id) <= LONGEST_NAME and container_id[0] != ".":
        return container_id
    from hashlib import sha256

    return "long-" + sha256(container_id.encode()).hexdigest()


class Store:
    """Records below ``root``, an absolute path that need not exist yet."""

    def __init__(self, root: str) -> None:
        self.root = root

    def home(self, container_id: str) -> str:
        """The directory of the container's record."""
        return f"{self.root}/{short_name(container_id)}"

    def driver_root(self, driver: str) -> str:
        """Where ``driver`` keeps its own state for our containers."""
        return f"{self.root}/@{driver}"

    def read(self, container_id: str, *, locked: bool = False) -> Record:
        """The container's record; `NotFound`, `Locked` while it is being made, or `StateCorrupt`.

        ``locked`` says that the caller holds the container's lock.
        """
        home = self.home(container_id)
        path = home + "/record.json"
        try:
            text = files.read(path, 4 << 20)
        except FileNotFoundError:
            if self._settled(home, locked=locked):
                return self.read(container_id, locked=locked)
            if os.path.isdir(home):
                raise StateCorrupt(
                    f'container "{container_id}" is half made: its create was cut short',
                    code="container-half-made",
                    hint=f'remove it with "nexcage delete --force {container_id}"',
                ) from None
            raise NotFound(f'container "{container_id}" does not exist') from None
        except OSError as error:
            raise from_os(error, f"cannot read {path}") from None
        record = Record.from_json(text, path)
        if record.id != container_id:
            raise StateCorrupt(f'{path}: is the record of "{record.id}"')
        return record

    def _settled(self, home: str, *, locked: bool) -> bool:
        """Wait for what may be between two steps of another command; whether there is a record now."""
        from time import monotonic, sleep

        deadline = monotonic() + SETTLING
        while os.path.isdir(home) and not locked:
            if os.path.exists(home + "/record.json"):
                return True
            if os.path.exists(home + "/journal") and files.Lock(home + "/lock").is_held():
                name = os.path.basename(home)
                raise Locked(f'container "{name}" is being created', code="container-creating")
            if monotonic() > deadline:
                return False
            sleep(0.005)
        return False

    def intended(self, container_id: str, name: str) -> str:
        """The text ``name`` of the journal of a create that was cut short; "" when there is none."""
        try:
            first = files.read(self.home(container_id) + "/journal", 16 << 20).split(b"\n", 1)[0]
            intent = loads(first)
        except (OSError, ValueError):
            return ""
        return str(intent.get(name, "")) if isinstance(intent, dict) else ""

    def ids(self) -> list[str]:
        """The ids of all containers, sorted; also of those whose record cannot be read."""
        try:
            with os.scandir(self.root) as entries:
                names = [e.name for e in entries if e.name[0] != "@" and e.is_dir(follow_symlinks=False)]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise from_os(error, f"cannot read {self.root}") from None
        return sorted(self._long_id(name) if name.startswith("long-") else name for name in names)

    def _long_id(self, name: str) -> str:
        try:
            record = loads(files.read(f"{self.root}/{name}/record.json", 4 << 20))
        except (OSError, ValueError):
            return name
        return str(record.get("id", name)) if isinstance(record, dict) else name

    def prepare(self) -> None:
        """Make the root, 0700 and ours; refuse one that somebody else could change."""
        try:
            os.makedirs(self.root, 0o700, exist_ok=True)
            facts = os.stat(self.root)
            if os.geteuid() != 0 and not facts.st_mode & 0o1000 and facts.st_uid == os.geteuid():
                os.chmod(self.root, 0o1700)  # the sticky bit keeps clean-up of the runtime directory away
        except OSError as error:
            raise from_os(error, f"cannot make {self.root}") from None
        if facts.st_uid not in (0, os.geteuid()):
            raise PermissionDenied(
                f"{self.root} belongs to user {facts.st_uid}", hint="choose a --root that is yours"
            )

    def lock(self, container_id: str) -> files.Lock:
        """Lock the container's record; `NotFound` when there is none, `Locked` after a wait."""
        lock = files.Lock(self.home(container_id) + "/lock")
        try:
            lock.acquire(f'container "{container_id}"')
        except FileNotFoundError:
            raise NotFound(f'container "{container_id}" does not exist') from None
        except OSError as error:
            raise from_os(error, f"cannot lock {lock.path}") from None
        if not lock.is_current():
            lock.release()
            raise NotFound(f'container "{container_id}" does not exist')
        return lock

    def remove(self, container_id: str) -> None:
        """Remove the record and all that lies beside it; for everybody else it is gone at once."""
        gone = f"{self.root}/@gone-{os.urandom(8).hex()}"
        try:
            os.rename(self.home(container_id), gone)
            files.remove_tree(gone)
        except FileNotFoundError:
            return
        except OSError as error:
            raise from_os(error, f"cannot remove {self.home(container_id)}") from None


class Unborn:
    """A container in the making: its directory, lock and journal, gone again if making fails.

    ``intent`` are facts for whoever cleans up after a crash: ``handle``, ``cgroup``, ``boot_id``.
    """

    def __init__(self, store: Store, plan: "Plan", intent: dict[str, str], *, sync: bool = False) -> None:
        self._store = store
        self._intent = intent
        self._plan = plan
        self._sync = sync
        self._lock = files.Lock(plan.home + "/lock")
        self._journal = -1

    def __enter__(self) -> "Self":
        self._store.prepare()
        try:
            os.mkdir(self._plan.home, 0o700)
        except FileExistsError:
            raise AlreadyExists(
                f'container "{self._plan.id}" already exists',
                hint=f'choose another id, or remove it with "nexcage delete {self._plan.id}"',
            ) from None
        except OSError as error:
            raise from_os(error, f"cannot make {self._plan.home}") from None
        try:
            self._lock.acquire(f'container "{self._plan.id}"')
            if not self._lock.is_current():
                raise NexcageError(f'container "{self._plan.id}" was removed while it was being created')
            intent = {"format": 1, "pid": os.getpid(), **self._intent, **self._plan.describe()}
            self._journal = os.open(
                self._plan.home + "/journal",
                os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC,
                0o600,
            )
            self._write((dumps(intent) + "\n").encode())
        except BaseException as error:
            self._abandon()
            if isinstance(error, OSError):
                raise from_os(error, f"cannot write the journal of {self._plan.home}") from None
            raise
        return self

    def note(self, index: int) -> None:
        """Write down that step ``index`` of the plan begins."""
        self._write(b"%d\n" % index)

    def _write(self, line: bytes) -> None:
        """``sync``: the container survives a power cut, so what was begun has to be known after it."""
        os.write(self._journal, line)
        if self._sync:
            os.fsync(self._journal)

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is not None:
            if self._plan.undone:
                self._abandon()
            else:  # what is here says what is left, and delete --force takes it back
                os.close(self._journal)
                self._lock.release()
            return
        os.close(self._journal)
        os.unlink(self._plan.home + "/journal")
        self._lock.release()

    def _abandon(self) -> None:
        if self._journal >= 0:
            os.close(self._journal)
        try:
            files.remove_tree(self._plan.home)
        except OSError as error:
            raise NexcageError(f"cannot remove {self._plan.home}: {error.strerror}") from None
        finally:
            self._lock.release()
