"""The records below one root: finding, making, locking and removing them."""

import os

from nexcage.errors import AlreadyExists, NexcageError, NotFound, PermissionDenied, StateCorrupt, from_os
from nexcage.host import files
from nexcage.jsontext import dumps
from nexcage.state.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

    from nexcage.plan import Plan

# NAME_MAX is 255 and drivers put prefixes and suffixes around a name
LONGEST_NAME = 200


def short_name(container_id: str) -> str:
    """``container_id``, or a digest of it where it would not fit a file name."""
    if len(container_id) <= LONGEST_NAME:
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

    def read(self, container_id: str) -> Record:
        """The container's record; `NotFound`, or `StateCorrupt` when it cannot be used."""
        home = self.home(container_id)
        path = home + "/record.json"
        try:
            text = files.read(path, 4 << 20)
        except FileNotFoundError:
            if os.path.exists(home + "/journal"):
                raise StateCorrupt(
                    f'container "{container_id}" is half made: its create is under way or was cut short',
                    code="container-half-made",
                    hint=f'if no create is running, remove it with "nexcage delete --force {container_id}"',
                ) from None
            raise NotFound(f'container "{container_id}" does not exist') from None
        except OSError as error:
            raise from_os(error, f"cannot read {path}") from None
        record = Record.from_json(text, path)
        if record.id != container_id:
            raise StateCorrupt(f'{path}: is the record of "{record.id}"')
        return record

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
        from nexcage.jsontext import loads

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
        """Remove the record and all that lies beside it."""
        try:
            files.remove_tree(self.home(container_id))
        except OSError as error:
            raise from_os(error, f"cannot remove {self.home(container_id)}") from None


class Unborn:
    """A container in the making: its directory, lock and journal, gone again if making fails."""

    def __init__(self, store: Store, plan: "Plan", boot_id: str) -> None:
        self._store = store
        self._plan = plan
        self._boot_id = boot_id
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
            intent = {"format": 1, "pid": os.getpid(), "boot_id": self._boot_id, **self._plan.describe()}
            self._journal = os.open(
                self._plan.home + "/journal",
                os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC,
                0o600,
            )
            os.write(self._journal, (dumps(intent) + "\n").encode())
        except BaseException as error:
            self._abandon()
            if isinstance(error, OSError):
                raise from_os(error, f"cannot write the journal of {self._plan.home}") from None
            raise
        return self

    def note(self, index: int) -> None:
        """Write down that step ``index`` of the plan begins."""
        os.write(self._journal, b"%d\n" % index)

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is not None:
            self._abandon()
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
