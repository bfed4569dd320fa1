"""What layers mean, in a dictionary: image-spec layer.md read without a file system."""

from hashlib import sha256

from nexcage.bundler.manifest.entry import Entry


class Refused(Exception):
    """No engine could do that."""


class NoDirectory(Refused):
    """Something else is on the way."""


class Node:
    def __init__(self, kind, mode, uid, gid, mtime, data=b"", target=b"", device=(0, 0), xattrs=None):
        self.facts = {"mode": mode, "uid": uid, "gid": gid, "mtime": mtime, "xattrs": dict(xattrs or {})}
        self.kind = kind
        self.data = data
        self.target = target
        self.device = device

    def entry(self, path):
        more = {}
        if self.kind == "file":
            more = {"size": len(self.data), "sha256": sha256(self.data).hexdigest()}
        return Entry(path, self.kind, target=self.target, device=self.device, **self.facts, **more)


class Model:
    """``tree``: true path → node; the root is b""."""

    def __init__(self):
        self.tree = {b"": Node("dir", 0o755, 0, 0, 0)}
        self.layers = 0
        self.written = set()

    def entries(self):
        return {path or b".": node.entry(path or b".") for path, node in self.tree.items()}

    def apply(self, entries):
        """``entries``: (name, kind or "hard", target, facts of the node)."""
        self.layers += 1
        self.written = set()
        for name, kind, target, facts in entries:
            self._entry(_parts(name), kind, target, facts)

    def _entry(self, parts, kind, target, facts):
        if any(part.startswith(b".wh.") for part in parts[:-1]):
            raise Refused
        if parts and parts[-1].startswith(b".wh."):
            self._whiteout(parts, facts["mtime"])
            return
        if kind == "hard":
            self._hard(parts, target, facts["mtime"])
            return
        if not parts:
            if kind != "dir":
                raise Refused
            path = b""
        else:
            path = _join(self._directory(parts[:-1], facts["mtime"]), parts[-1])
        node = Node(kind, **facts)
        if kind == "link":
            node.target, node.facts["mode"] = target, 0o777
        old = self.tree.get(path)
        if kind == "dir" and old and old.kind == "dir":
            old.facts = node.facts
        else:
            self._drop(path)
            self.tree[path] = node
        self.written.add(path)

    def _hard(self, parts, target, mtime):
        wanted = _parts(target)
        source = _join(self._directory(wanted[:-1]), wanted[-1]) if wanted else b""
        if source is None or source not in self.tree or self.tree[source].kind == "dir":
            raise Refused
        path = _join(self._directory(parts[:-1], mtime), parts[-1])
        if path == source:
            return
        if source.startswith(path + b"/"):
            raise Refused
        node = self.tree[source]
        self._drop(path)
        self.tree[path] = node
        self.written.add(path)

    def _whiteout(self, parts, mtime):
        gone = parts[-1][4:]
        if gone in (b"", b".", b"..") or (gone.startswith(b".wh.") and gone != b".wh..opq"):
            raise Refused
        opaque = gone == b".wh..opq"
        try:
            above = self._directory(parts[:-1])
        except NoDirectory:
            return
        if above is None:
            return
        for path in self._children(above) if opaque else [_join(above, gone)]:
            self._hide(path, mtime)

    def _hide(self, path, mtime):
        """What lower layers have there; what this one has stays, and the way to it."""
        if self.layers == 1 or path not in self.tree:
            return
        if path not in self.written and not any(x.startswith(path + b"/") for x in self.written):
            self._drop(path)
            return
        if path not in self.written:
            self.tree[path] = Node("dir", 0o755, 0, 0, mtime)
            self.written.add(path)
        for child in self._children(path):
            self._hide(child, mtime)

    def _children(self, path):
        return [x for x in self.tree if x and x.rpartition(b"/")[0] == path]

    def _drop(self, path):
        for known in [x for x in self.tree if x == path or x.startswith(path + b"/")]:
            del self.tree[known]
            self.written.discard(known)

    def _directory(self, parts, mtime=None):
        """The true path; missing ones are made when there is a time for them, else None."""
        todo = list(reversed(parts))
        at = b""
        links = 0
        while todo:
            part = todo.pop()
            if part in (b"", b"."):
                continue
            if part == b"..":
                if not at:
                    raise Refused
                at = at.rpartition(b"/")[0]
                continue
            path = _join(at, part)
            node = self.tree.get(path)
            if node is None:
                if mtime is None:
                    return None
                node = self.tree[path] = Node("dir", 0o755, 0, 0, mtime)
                self.written.add(path)
            if node.kind == "link":
                links += 1
                if links > 40:
                    raise Refused
                if node.target.startswith(b"/"):
                    at = b""
                todo += reversed(node.target.split(b"/"))
            elif node.kind == "dir":
                at = path
            else:
                raise NoDirectory
        return at


def _join(directory, name):
    if directory is None:
        return None
    return directory + b"/" + name if directory else name


def _parts(name):
    parts = [part for part in name.split(b"/") if part not in (b"", b".")]
    if name.startswith(b"/") or b".." in parts:
        raise Refused
    return parts
