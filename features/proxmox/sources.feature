@nexcage @root @pct @issue-158
Feature: Containers of templates and images
  Beside bundles a node makes containers of its own templates and of OCI images. Proxmox VE 9.1 unpacks images itself;
  before that nexcage makes a bundle of the image, which goes with the container.

  Rule: Templates

    Background:
      Given a bundle
      And its root has a file "etc/os-release" that says "ID=alpine"
      And a template "box.tar.gz" of the bundle's rootfs in storage "local"

    Scenario Outline: A volume of a storage, as <what>
      When container "web" is made by the call "--root {root} --runtime pct create <call>"
      Then it succeeds
      And nothing is said
      And pct create was given "{vmid} local:vztmpl/box.tar.gz"
      And pct create was given "--rootfs local:4"
      And pct create was not given "--ostype"
      And pct create was not given "--arch"
      And pct create was given "--unprivileged 1"
      And the configuration of container "web" has a line like "rootfs: local:.*,size=4G"

      Examples:
        | what        | call                                             |
        | the image   | --image local:vztmpl/box.tar.gz web              |
        | an operand  | web local:vztmpl/box.tar.gz                      |
        | a source    | web template:local:vztmpl/box.tar.gz             |
        | with a name | --name web --image local:vztmpl/box.tar.gz       |

    Scenario: Options of the container
      When container "web" is made by the call "--root {root} create --image local:vztmpl/box.tar.gz --ostype unmanaged --arch amd64 --memory 64 --rootfs-size 0.25 --net none web"
      Then it succeeds
      And pct create was given "--memory 64"
      And pct create was given "--rootfs local:0.25"
      And pct create was given "--ostype unmanaged --arch amd64"
      And the configuration of container "web" has no line like "net\d+: .*"

    Scenario: A file
      When somebody runs "cp {pve}/storage/local/template/cache/box.tar.gz {dir}/own.tar.gz"
      And container "web" is made by the call "--root {root} create --image {dir}/own.tar.gz web"
      Then it succeeds
      And pct create was given "{vmid} {dir}/own.tar.gz"
      And file "own.tar.gz" exists

    Scenario: The plan of a template
      When the runtime is called with "--dry-run create --image local:vztmpl/box.tar.gz web"
      Then it succeeds
      And it prints something with "pct create {vmid} local:vztmpl/box.tar.gz "
      And nothing is left on the node
      And nothing is left behind

  Rule: crun and runc make containers of bundles only

    Scenario Outline: <driver>
      Given a bundle
      And a template "box.tar.gz" of the bundle's rootfs in storage "local"
      When the bare runtime is called with "--root {root} --runtime <driver> create --image <image> web"
      Then it exits with status 2
      And the error is the line "nexcage: create: <driver> makes containers of bundles only"
      And the hint says "make one: nexcage bundle create --from IMAGE DIR"
      And nothing is left behind

      Examples:
        | driver | image                         |
        | crun   | local:vztmpl/box.tar.gz       |
        | runc   | docker://registry.example/box |

  Rule: Archives of images

    Background:
      Given an image "app" of busybox
      And its image config has $.config.Env set to the JSON ["PATH=/bin", "COLOUR=blue"]
      And its image config has $.config.WorkingDir set to the JSON "/tmp"
      And it runs "echo $COLOUR; pwd; sleep 100"
      And it is saved as "oci-archive:{dir}/app.tar"

    @needs-lxc
    Scenario Outline: The image's program runs, on Proxmox VE <version>
      Given a Proxmox VE <version> node
      When container "web" is made by the call "--root {root} create --image {dir}/app.tar --net none web"
      Then it succeeds
      And pct create was given "{vmid} <template>"
      And the configuration of container "web" has a line like "rootfs: <rootfs>"
      And the configuration of container "web" has the line "hostname: web"
      When container "web" is started
      Then it succeeds
      And the output of container "web" contains "blue"
      And the output of container "web" contains "/tmp"
      When container "web" is deleted by force
      Then it succeeds
      And nothing is left on the node
      And nothing is left behind
      And file "app.tar" exists

      Examples:
        | version | template                  | rootfs                                       |
        | 8.4     | {root}/web/rootfs.tar     | local:.*,size=4G                             |
        | 9.0     | {root}/web/rootfs.tar     | local:.*,size=4G                             |
        | 9.1     | {dir}/app.tar             | local:.*,size=4G                             |
        | now     | {dir}/app.tar             | local:.*,size=4G                             |

    @needs-lxc
    Scenario Outline: The image's user, on Proxmox VE <version>
      Given a Proxmox VE <version> node
      And its image config has $.config.User set to the JSON "1000:1000"
      And it runs "id -u; sleep 100"
      And it is saved as "oci-archive:{dir}/user.tar"
      When container "web" is made by the call "--root {root} create --image {dir}/user.tar --net none web"
      Then it succeeds
      When container "web" is started
      Then it succeeds
      And the output of container "web" contains "1000"

      Examples:
        | version |
        | 8.4     |
        | now     |

    @needs-lxc
    Scenario: The bundle that was made for an image knows localhost
      Given a Proxmox VE 9.0 node
      When container "web" is made by the call "--root {root} create --image {dir}/app.tar --net none web"
      Then it succeeds
      When container "web" is started
      And "sh -c 'while read line; do echo $line; done </etc/hosts'" is executed in container "web"
      Then it prints something with "127.0.0.1 localhost"

    Scenario: Without --image
      When container "web" is made by the call "--root {root} create web oci-archive:{dir}/app.tar"
      Then it succeeds
      And pct create was given "{vmid} {dir}/app.tar"
      And the configuration of container "web" has a line like "entrypoint: .*"

    Scenario: A bundle that was made for the image goes when the create fails
      Given a Proxmox VE 9.0 node
      And "pct create" will fail with "the moon is full"
      When container "web" is made by the call "--root {root} create --image {dir}/app.tar web"
      Then it exits with status 1
      And the error says "nexcage: create: container "web" (VMID {vmid}): pct create: the moon is full"
      And nothing is left on the node
      And nothing is left behind

    Scenario: An archive that is damaged
      Given a file "bad.tar" that says "no archive at all"
      When container "web" is made by the call "--root {root} create --image {dir}/bad.tar web"
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web" (VMID {vmid}): the archive is damaged or not what its name says"
      And the hint says "fetch or make the archive again"
      And nothing is left on the node
      And nothing is left behind

    Scenario Outline: The plan of an image on Proxmox VE <version>
      Given a Proxmox VE <version> node
      When the runtime is called with "--dry-run create --image {dir}/app.tar web"
      Then it succeeds
      And it prints something with "pct create {vmid} <template> "
      And nothing is left on the node
      And nothing is left behind

      Examples:
        | version | template              |
        | 9.0     | {root}/web/rootfs.tar |
        | now     | {dir}/app.tar         |

  @needs-registry
  Rule: Images of a registry

    Background:
      Given an image "app" of busybox
      And it runs "echo from afar; sleep 100"
      And the registry has it as "library/app:1"

    @needs-lxc
    Scenario Outline: The image is fetched and runs, on Proxmox VE <version>
      Given a Proxmox VE <version> node
      When container "web" is made by the call "--root {root} create --image docker://{registry}/library/app:1 --src-tls-verify false --net none web"
      Then it succeeds
      And pct create was given "{vmid} {root}/web/<template>"
      And file "{root}/web/<template>" does not exist
      When container "web" is started
      Then it succeeds
      And the output of container "web" contains "from afar"
      When container "web" is deleted by force
      Then it succeeds
      And nothing is left on the node
      And nothing is left behind

      Examples:
        | version | template   |
        | 8.4     | rootfs.tar |
        | now     | image.tar  |

    Scenario Outline: An image that is not there, on Proxmox VE <version>
      Given a Proxmox VE <version> node
      When container "web" is made by the call "--root {root} create --image docker://{registry}/library/app:2 --src-tls-verify false web"
      Then it exits with status 1
      And the error says "{registry}/library/app:2"
      And the error says "has no image"
      And nothing is left on the node
      And nothing is left behind

      Examples:
        | version |
        | 9.0     |
        | now     |

    Scenario: The plan of a registry's image
      When the runtime is called with "--dry-run create --image docker://{registry}/library/app:1 --src-tls-verify false web"
      Then it succeeds
      And it prints a line like "  run    .*/skopeo copy .* docker://{registry}/library/app:1 oci-archive:{root}/web/image.tar"
      And it prints a line like "  remove {root}/web/image.tar"
      And nothing is left on the node
      And nothing is left behind

    Scenario: A registry that is down gives no container
      Given the registry is down
      When container "web" is made by the call "--root {root} create --image docker://{registry}/library/app:1 --src-tls-verify false web"
      Then it exits with status 1
      And the error says "connection refused"
      And nothing is left on the node
      And nothing is left behind
