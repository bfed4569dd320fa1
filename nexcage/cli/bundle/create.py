"""Make a bundle from an image, an archive, a directory or this host's own programs.

The bundle is DIR with config.json and a root file system; without --from it
has a few programs of this machine. What it runs is what the image would run
under docker, unless options or a template say otherwise. DIR must not exist, or
be empty. Nothing is left when it fails.

SOURCE is one of
  dir:PATH                        a root file system; it is copied
  tar:FILE                        one in a tar; plain, gzip, xz, zstd or bzip2
  host:PROGRAM,PROGRAM            programs of this machine with their libraries
  oci:DIR[:TAG]                   an image layout, as skopeo and umoci write it
  oci-archive:FILE[:TAG]          the same in a tar
  docker-archive:FILE[:TAG]       what "docker save" writes
  docker-daemon:IMAGE             an image of a docker daemon
  docker://REF                    an image in a registry
  template:STORAGE:vztmpl/FILE    a template of Proxmox VE
  scratch                         nothing at all
"""

from nexcage import log
from nexcage.cli.bundle import wishes
from nexcage.cli.call import Call
from nexcage.cli.options import Option
from nexcage.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nexcage.bundler.build import Made, Order

OPTIONS = (
    Option("from", "what it is made of (default: programs of this host)", "SOURCE"),
    Option("platform", "which platform of an image (default: the host's)", "OS/ARCH[/VARIANT]"),
    Option(
        "rootfs",
        "how the files come there (default: auto)",
        "copy|overlay|reflink|auto",
        choices=("auto", "overlay", "reflink", "copy"),
    ),
    Option("max-size", "the most that an image may unpack to (default: 32g)", "SIZE"),
    Option("deny", "refuse images with such files", "device|setuid", many=True, choices=("device", "setuid")),
    Option("cache", "where layers are kept", "DIR"),
    Option("authfile", "credentials for registries, as skopeo login writes them", "FILE"),
    Option(
        "src-tls-verify", "whether a registry has to prove who it is", "true|false", choices=("true", "false")
    ),
    *wishes.OPTIONS,
)
OPERANDS = "DIR [[--] ARG...]"
EXAMPLES = (
    ("a bundle of this machine's own shell, without a network", "nexcage bundle create box"),
    (
        "from an image layout, with other arguments",
        "nexcage bundle create --from oci:image:latest web -- httpd -f",
    ),
    ("from a registry", "nexcage bundle create --from docker://registry.example/web:1 web"),
    (
        "from a directory, hardened",
        "nexcage bundle create --from dir:/srv/root --profile hardened web -- /bin/web",
    ),
)


def run(call: Call) -> int:
    """image-spec, conversion.md; upstream issue 92."""
    form = call.output_format("text", "json")
    order = _order(call)
    from nexcage.bundler.build import make, unmake

    made = make(order)
    for sentence in made.warnings:
        log.warning(sentence, code="not-as-in-the-image")
    try:
        print(_told(order.directory, made, form), flush=True)
    except OSError:  # a failure, and then nothing may be left
        unmake(made, order.directory)
        raise
    return 0


def _told(directory: str, made: "Made", form: str) -> str:
    record = made.record
    mode, layers = record["rootfs"]["mode"], len(record["rootfs"]["layers"])
    if form == "text":
        counted = f"{layers} layer{'s' if layers != 1 else ''}, " if layers else ""
        return f"{directory}: {record['name']}, {counted}{mode}"
    from nexcage.jsontext import dumps

    told = {name: record[name] for name in ("source", "digest", "platform", "owners")}
    return dumps({"bundle": directory, **told, "layers": layers, "rootfs": mode, "args": made.args}, 2)


def _order(call: Call) -> "Order":
    from nexcage.bundler.build import Order
    from nexcage.bundler.config.values import size
    from nexcage.bundler.sources import DEFAULT_MAX_SIZE, SourceWishes, parse, verification

    directory = call.operand("the bundle's directory")
    if not directory.strip("/"):
        raise UsageError(f'"{directory}" cannot be a bundle')
    wished = wishes.wishes(call)
    source = call.text("from", "host:")
    parse(source)
    return Order(
        source,
        directory,
        sources=SourceWishes(
            platform=call.text("platform"),
            authfile=call.text("authfile"),
            tls_verify=verification(call.text("src-tls-verify")),
            cache=call.cache(),
            max_size=size(call.text("max-size"), "max-size") if call.text("max-size") else DEFAULT_MAX_SIZE,
        ),
        wishes=wished,
        mode=call.text("rootfs", "auto"),
        denied=frozenset(call.many("deny")),
    )
