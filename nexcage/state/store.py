"""The records below one root: finding, making, locking and removing them."""

import os
import stat

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
from nexcage.jsontext import loads
from nexcage.state.journal import MAKING, Journal
from nexcage.state.record import Record, is_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

    from nexcage.oci.rules import Object
    from nexcage.plan import Plan

# NAME_MAX is 255 and drivers put prefixes and suffixes around a name
LONGEST_NAME = 200
_OTHER_ROOT = "choose a --root that is yours"
SETTLING = 0.1  # seconds between two looks at what another command may be just making or removing
SLOWEST = 1.0  # seconds that a directory may be without record and journal while that happens


def _identity(path: str) -> tuple[int, ...]:
    """What tells a file from another one of that name; () when there is none."""
    try:
        facts = os.stat(path)
    except FileNotFoundError:
        return ()
    return facts.st_ino, facts.st_mtime_ns


def _patience(home: str) -> float:
    """Seconds to wait for a directory that has no record: where nothing has changed of late, nobody works."""
    from time import time

    try:
        return SLOWEST if time() - os.stat(home).st_mtime < SLOWEST else 0.0
    except FileNotFoundError:
        return 0.0


def being_created(container_id: str) -> Locked:
    """The error for a container that another command is making."""
    return Locked(f'container "{container_id}" is being created', code="container-creating")


def short_name(container_id: str) -> str:
    """``container_id``, or a digest where it would not fit a file name or a keyring (no dot in front)."""
    if len(container_id) <= LONGEST_NAME and container_id[0] != ".":
        return container_id
    from hashlib import sha256

    return "long-" + sha256(container_id.encode()).hexdigest()


def remove_hint(container_id: str) -> str:
    """What to do about a container whose files cannot be used."""
    return f'remove the container with "nexcage delete --force {container_id}" and create it again'


def _refuse_open(root: str, facts: os.stat_result) -> None:
    """`PermissionDenied` for a root in which others could put another directory in a container's place."""
    if facts.st_uid not in (0, os.geteuid()):
        raise PermissionDenied(f"{root} belongs to user {facts.st_uid}", hint=_OTHER_ROOT)
    if facts.st_mode & 0o002 and not facts.st_mode & 0o1000:
        raise PermissionDenied(f"{root} can be written by everybody", hint=f"forbid it: chmod o-w {root}")


class Store:
    """Records below ``root``, an absolute path that need not exist yet."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._safe = False

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
            self._refuse_foreign(home)
            text = files.read_own(path, 4 << 20)
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
        except files.Unusable as error:
            raise StateCorrupt(str(error), hint=remove_hint(container_id)) from None
        except OSError as error:
            raise from_os(error, f"cannot read {path}") from None
        try:
            record = Record.from_json(text, path)
            if record.id != container_id:
                raise StateCorrupt(f'{path}: is the record of "{record.id}"')
        except StateCorrupt as error:
            error.hint = error.hint or remove_hint(container_id)
            raise
        return record

    def _refuse_foreign(self, home: str) -> None:
        """Raise `files.Unusable` for what is no directory of ours, a link to one neither."""
        if not self._safe:
            self._require_root()
            self._safe = True
        files.refuse_foreign(home, os.lstat(home), stat.S_IFDIR)

    def _require_root(self) -> None:
        """`FileNotFoundError` when there is none yet; refuse what is none, or others can change."""
        try:
            facts = os.stat(self.root)
        except FileNotFoundError:
            if os.path.islink(self.root):
                raise self._unusable() from None
            raise
        if not stat.S_ISDIR(facts.st_mode):
            raise self._unusable()
        _refuse_open(self.root, facts)

    def _unusable(self) -> NexcageError:
        """The error for a root that is something else."""
        what = "is a symbolic link to no directory" if os.path.islink(self.root) else "is not a directory"
        hint = "move away what is there, or choose another --root"
        return NexcageError(f"{self.root} {what}", code="root-unusable", hint=hint)

    def _settled(self, home: str, *, locked: bool) -> bool:
        """Wait for what may be between two steps of another command; whether there is a record now."""
        from time import monotonic, sleep

        began = monotonic()
        while os.path.isdir(home) and not locked:
            journal = _identity(f"{home}/{MAKING}")
            held = files.Lock(home + "/lock").is_held()
            if os.path.exists(home + "/record.json"):
                return True
            if journal and held:
                raise being_created(os.path.basename(home))
            # the lock comes before the journal and goes after it, so nobody goes on with this one
            dead = journal and journal == _identity(f"{home}/{MAKING}")
            if dead or monotonic() - began > _patience(home):
                return False
            sleep(0.005)
        return False

    def may_begin(self, container_id: str) -> bool:
        """Whether a create of this name may be about to take the lock that the caller holds."""
        home = self.home(container_id)
        return not os.path.exists(f"{home}/{MAKING}") and bool(_patience(home))

    def intended(self, container_id: str, name: str) -> str:
        """The text ``name`` of the journal of a create that was cut short; "" when there is none."""
        home = self.home(container_id)
        try:
            files.refuse_foreign(home, os.lstat(home), stat.S_IFDIR)
            intent = loads(files.read_own(f"{home}/{MAKING}", 16 << 20).split(b"\n", 1)[0])
        except (OSError, ValueError):
            return ""
        text = intent.get(name) if isinstance(intent, dict) else ""
        return text if isinstance(text, str) and (name != "handle" or is_name(text)) else ""

    def ids(self) -> list[str]:
        """The ids of all containers, sorted; also of those whose record cannot be read."""
        try:
            self._require_root()
            with os.scandir(self.root) as entries:
                names = [e.name for e in entries if e.name[0] not in "@."]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise from_os(error, f"cannot read {self.root}") from None
        return sorted(self._long_id(name) if name.startswith("long-") else name for name in names)

    def _long_id(self, name: str) -> str:
        try:
            self._refuse_foreign(f"{self.root}/{name}")
            record = loads(files.read_own(f"{self.root}/{name}/record.json", 4 << 20))
        except (OSError, ValueError):
            return name
        told = record.get("id") if isinstance(record, dict) else None
        return told if isinstance(told, str) and told and short_name(told) == name else name

    def prepare(self) -> None:
        """Make the root, 0700 and ours; refuse one that somebody else could change."""
        try:
            os.makedirs(self.root, 0o700, exist_ok=True)
            facts = os.stat(self.root)
            if os.geteuid() != 0 and not facts.st_mode & 0o1000 and facts.st_uid == os.geteuid():
                os.chmod(self.root, 0o1700)  # the sticky bit keeps clean-up of the runtime directory away
        except (FileExistsError, NotADirectoryError):
            raise self._unusable() from None
        except OSError as error:
            raise from_os(error, f"cannot make {self.root}") from None
        _refuse_open(self.root, facts)

    def lock(self, container_id: str, wait: float = 10.0, *, force: bool = False) -> files.Lock:
        """Lock the container's record; `NotFound` when there is none, `Locked` after ``wait`` seconds.

        `StateCorrupt` for a directory or a lock that is none of ours; with ``force`` the lock is made anew,
        and in what is no directory nothing is held.
        """
        home = self.home(container_id)
        lock = files.Lock(home + "/lock")
        what = f'container "{container_id}"'
        try:
            try:
                self._refuse_foreign(home)
            except files.Unusable:
                if not force:
                    raise
                if not stat.S_ISDIR(os.lstat(home).st_mode):
                    return lock
            try:
                lock.acquire(what, wait)
                files.refuse_foreign(lock.path, os.lstat(lock.path))
            except files.Unusable:
                lock.release()
                if not force:
                    raise
                files.remove_tree(lock.path)
                lock.acquire(what, wait)
        except FileNotFoundError:
            lock.release()
            raise NotFound(f"{what} does not exist") from None
        except files.Unusable as error:
            raise StateCorrupt(str(error), hint=remove_hint(container_id)) from None
        except OSError as error:
            raise from_os(error, f"cannot lock {lock.path}") from None
        if not lock.is_current():
            lock.release()
            raise NotFound(f"{what} does not exist")
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

    ``intent`` are facts for whoever cleans up after a crash: ``handle``, ``cgroup``, ``boot_id``. The journal
    stays, and is held, ``until`` what follows the making: the ``start`` of the program, or its ``end``, with
    which the container is to go.
    """

    def __init__(
        self, store: Store, plan: "Plan", intent: "Object", *, sync: bool = False, until: str = ""
    ) -> None:
        self._store = store
        self._intent = {"until": until, **intent}
        self._plan = plan
        self._until = until
        self._lock = files.Lock(plan.home + "/lock")
        self._journal = Journal(plan.home, sync=sync)
        self._sync = sync

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
                raise NexcageError(
                    f'container "{self._plan.id}" was removed while it was being created',
                    code="container-missing",
                )
            self._journal.begin({**self._intent, **self._plan.describe()})
            if self._sync:
                files.bring_to_disk(self._store.root)
        except BaseException as error:
            self._abandon()
            if isinstance(error, OSError):
                raise from_os(error, f"cannot write the journal of {self._plan.home}") from None
            raise
        return self

    def note(self, index: int) -> None:
        """Write down that step ``index`` of the plan begins."""
        self._journal.note(index)

    def started(self) -> None:
        """The program was started: the journal goes, unless it stays until the end."""
        if self._until == "start":
            self._journal.end()

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None:
            if not self._until:
                self._journal.end()
            self._lock.release()
        elif self._plan.undone:
            self._abandon()
        else:  # what is here says what is left, and repair takes it back
            self._journal.leave()
            self._lock.release()

    def _abandon(self) -> None:
        self._journal.leave()
        try:
            if self._lock.is_current():
                self._store.remove(self._plan.id)
            else:  # somebody has removed it, and what is there is another one; or there is no room for a lock
                _remove_empty(self._plan.home)
        finally:
            self._lock.release()


def _remove_empty(directory: str) -> None:
    try:
        os.rmdir(directory)
    except OSError:
        return
