@nexcage @root @issue-92
Feature: A bundle from a storage, a registry or a docker daemon
  Images that somebody else keeps are fetched with the credentials and in the platform that are wanted; when that fails,
  the message says what the other side said.

  Rule: Templates of a Proxmox storage

    Background:
      Given an image "app" of busybox
      And it is saved as "tar:{dir}/app.tar.gz"
      And the caller finds a program "pvesm" that does
        """
        case "$*" in
        "path local:vztmpl/app.tar.gz") echo {dir}/app.tar.gz ;;
        "path local:vztmpl/gone.tar.gz") echo {dir}/gone.tar.gz ;;
        *) echo "storage 'nosuch' does not exist" >&2; exit 255 ;;
        esac
        """

    Scenario: A template runs
      When bundle "web" is created from "template:local:vztmpl/app.tar.gz" with "-- sh -c 'echo it runs'"
      Then it succeeds
      When bundle "web" is run as container "web"
      Then it prints "it runs"

    @no-driver
    Scenario Outline: A template that cannot be had: <what>
      When bundle "web" is created from "template:<template>"
      Then it exits with status <status>
      And the error is one line
      And the error says "<named>"
      And the error has the code "<code>"
      And nothing of bundle "web" is left

      Examples:
        | what                  | template                    | status | code            | named       |
        | a file that is gone   | local:vztmpl/gone.tar.gz    | 1      | source-missing  | gone.tar.gz |
        | an unknown storage    | nosuch:vztmpl/app.tar.gz    | 1      | storage-missing | nosuch      |
        | something else        | local:iso/app.iso           | 2      | source-invalid  | iso         |
        | no file at all        | local                       | 2      | source-invalid  | vztmpl      |

    @no-driver
    Scenario: A machine that is no Proxmox host
      Given the caller finds only the programs "python3 sh env dirname readlink"
      When bundle "web" is created from "template:local:vztmpl/app.tar.gz"
      Then it exits with status 1
      And the error is one line
      And the error says "pvesm"
      And nothing of bundle "web" is left

  @needs-registry
  Rule: Images of a registry

    Scenario Outline: An image of a registry in the words of <family> runs
      Given an image "app" of busybox
      And its media types are those of <family>
      And it runs "echo from afar"
      And the registry has it as "library/app:1"
      When bundle "web" is created from "docker://{registry}/library/app:1" with "--src-tls-verify false"
      Then it succeeds
      When bundle "web" is run as container "web"
      Then it prints "from afar"

      Examples:
        | family |
        | OCI    |
        | docker |

    @no-driver
    Scenario: The platform is chosen in a registry too
      Given an image "strange" of busybox
      And it is for the platform "linux/mips64le"
      And it runs "echo strange"
      And an image "own" of busybox
      And it is for the platform "host"
      And it runs "echo own"
      And the images "strange own" are saved as one index "oci:{dir}/images:all"
      And the registry has the index "{dir}/images:all" as "app:all"
      When bundle "web" is created from "docker://{registry}/app:all" with "--src-tls-verify false"
      Then the config.json of bundle "web" has $.process.args ["sh", "-c", "echo own"]
      When bundle "far" is created from "docker://{registry}/app:all" with "--src-tls-verify false --platform linux/mips64le"
      Then the config.json of bundle "far" has $.process.args ["sh", "-c", "echo strange"]

    @no-driver
    Scenario: Credentials come from an authfile
      Given an image "app" of busybox
      And the guarded registry has it as "app:1"
      And the authfile "auth.json" says that the password of "user" is "secret"
      When bundle "web" is created from "docker://{registry}/app:1" with "--src-tls-verify false --authfile {dir}/auth.json"
      Then it succeeds

    @no-driver
    Scenario Outline: The registry says no: <what>
      Given an image "app" of busybox
      And the guarded registry has it as "app:1"
      And the authfile "auth.json" says that the password of "user" is "<password>"
      When bundle "web" is created from "docker://{registry}/<image>" with "--src-tls-verify false --authfile {dir}/auth.json"
      Then it exits with status 1
      And the error is one line
      And the error says "{registry}/<image>"
      And the error says "<words>"
      And the error does not say "<password>"
      And the error has the code "<code>"
      And nothing of bundle "web" is left

      Examples:
        | what             | password | image   | words         | code           |
        | A wrong password | mistaken | app:1   | denies access | image-denied   |
        | An unknown tag   | secret   | app:2   | has no image  | source-missing |

    @no-driver
    Scenario: A registry that is down
      Given the registry is down
      When bundle "web" is created from "docker://{registry}/app:1" with "--src-tls-verify false"
      Then it exits with status 1
      And the error is one line
      And the error says "connection refused"
      And nothing of bundle "web" is left

    @no-driver
    Scenario: A registry without TLS is not spoken to unless one says so
      Given an image "app" of busybox
      And the registry has it as "app:plain"
      When bundle "web" is created from "docker://{registry}/app:plain" with "--src-tls-verify true"
      Then it exits with status 1
      And the error is one line
      And the error says "{registry}/app:plain"
      And nothing of bundle "web" is left

    @no-driver
    Scenario: Without skopeo it is said what to install
      Given the caller finds only the programs "python3 sh env dirname readlink"
      When bundle "web" is created from "docker://registry.example/app:1"
      Then it exits with status 1
      And the error says "skopeo"
      And the hint says "apt install skopeo"
      And nothing of bundle "web" is left

  @needs-dockerd
  Rule: Images of a docker daemon

    Scenario: An image of a docker daemon runs
      Given an image "app" of busybox
      And its next layer holds
        """
        file etc/motd text=hello
        """
      And it runs "cat /etc/motd"
      And the docker daemon has it as "app:1"
      When bundle "web" is created from "docker-daemon:app:1"
      Then it succeeds
      When bundle "web" is run as container "web"
      Then it prints "hello"

    @no-driver
    Scenario: An image that docker has imported runs what it is told
      Given an image "flat" of busybox
      And the docker daemon has imported its last layer as "flat:1"
      When bundle "web" is created from "docker-daemon:flat:1" with "-- /bin/echo hello"
      Then it succeeds
      And the config.json of bundle "web" has $.process.args ["/bin/echo", "hello"]

    @no-driver
    Scenario: An image that the daemon has not
      Given the docker daemon is there
      When bundle "web" is created from "docker-daemon:nosuch:1"
      Then it exits with status 1
      And the error is one line
      And the error says "nosuch:1"
      And the error has the code "source-missing"
      And nothing of bundle "web" is left

    @no-driver
    Scenario: A docker daemon that is down
      Given the docker daemon is down
      When bundle "web" is created from "docker-daemon:app:1"
      Then it exits with status 1
      And the error is one line
      And the error says "docker"
      And nothing of bundle "web" is left
