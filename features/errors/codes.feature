@nexcage @no-driver @issue-cli
Feature: Every error has a code
  Programs go by the code of an error, which is in every line of a JSON log and stays the same from version to version.
  "nexcage help errors" lists all codes; docs/errors.md has them with cause and action. A message is one line, without the
  words by which engines know a missing program ("not found", "no such file") unless that is meant. What the tools of
  Proxmox VE and FreeBSD say, and which code that gets, stands in words_of_proxmox.feature and words_of_freebsd.feature.

  Rule: The catalogue explains a code

    Scenario: One code
      When the runtime is called with "help errors container-missing"
      Then it succeeds
      And it prints something with "the container does not exist"
      And it prints something with "nexcage list shows which there are"

    Scenario: All codes
      When the runtime is called with "help errors"
      Then it succeeds
      And it prints a line like "  ct-locked +the guest is locked"
      And it prints a line like "  config-twice +.*"

    Scenario: A code that does not exist
      When the runtime is called with "help errors container-mising"
      Then it exits with status 2
      And the error is the line "nexcage: help: unknown error code "container-mising""
      And the hint says "did you mean container-missing?"

  Rule: Mistakes on the command line

    Scenario: Command lines and their codes
      Given a file "plain" that says "text"
      Then these calls fail, each with its code
        | call                                 | code               | status |
        | start                                | usage              | 2      |
        | list --frobnicate                    | usage              | 2      |
        | state a/b                            | invalid-id         | 2      |
        | kill web FOO                         | invalid-signal     | 2      |
        | --runtime foo features               | unknown-runtime    | 2      |
        | list --root {dir}/plain              | root-unusable      | 1      |
        | list --root {dir}/plain/below        | os-error           | 1      |
        | check --watch --listen 192.0.2.1:99  | cannot-listen      | 1      |

  Rule: Mistakes in the configuration

    Scenario: Configurations and their codes
      Given a directory "conf"
      Then these calls fail, each with its code
        | call                            | code               |
        | --config {dir}/none list        | config-missing     |
        | --config {dir}/conf list        | config-unreadable  |
      And these configurations are refused, each with its code
        | configuration                                                       | code               |
        | {                                                                   | config-malformed   |
        | {"ociVersion": "1.0.2"}                                             | config-of-bundle   |
        | {"log_level": "chatty"}                                             | config-invalid     |
        | {"log_levl": "debug"}                                               | config-key-unknown |
        | {"runtime": {"log_level": "debug"}, "log_level": "info"}            | config-twice       |
        | {"runtime": {"routing": [{"pattern": "^(", "runtime": "crun"}]}}    | config-rule        |

    @root
    Scenario: A configuration that everybody may write to
      Given a file "open.json" that says "{}"
      And "open.json" has mode 666
      Then these calls fail, each with its code
        | call                          | code          |
        | --config {dir}/open.json list | config-unsafe |

  Rule: Mistakes with bundles

    Scenario: Directories that are no bundles, and their codes
      Given a directory "empty"
      And a directory "broken"
      And a file "broken/config.json" that says "{"
      And a directory "odd/config.json"
      And a directory "made/.nexcage"
      And a file "made/.nexcage/bundle.json" that says "{"
      And a file "made/config.json" that says "{}"
      And a bundle
      Then these calls fail, each with its code
        | call                                                              | code                     | status |
        | --runtime jail --dry-run create --bundle {dir}/none web   | bundle-missing           | 2      |
        | --runtime jail --dry-run create --bundle {dir}/empty web  | bundle-config-missing    | 2      |
        | --runtime jail --dry-run create --bundle {dir}/broken web | bundle-config-malformed  | 2      |
        | --runtime jail --dry-run create --bundle {dir}/odd web    | bundle-config-unreadable | 2      |
        | --runtime jail --dry-run create --bundle {bundle} --vmid 4711 web | unsupported-option | 2    |
        | create --runtime jail web docker://localhost/x      | bundle-wanted            | 2      |
        | bundle verify {bundle}                              | manifest-missing         | 2      |
        | bundle verify {dir}/made                            | bundle-record-malformed  | 2      |
        | bundle delete {bundle}                              | bundle-foreign           | 2      |
        | spec --bundle {bundle}                              | file-exists              | 1      |

    Scenario: Values in config.json, and their codes
      Given a bundle
      Then these values in its config.json are refused by the dry run of "--runtime jail create --bundle {bundle} web"
        | property                          | value                                                                     | code                        |
        | $.ociVersion                      | "2.0.0"                                                                   | bundle-version              |
        | $.process.cwd                     | "x"                                                                       | bundle-invalid              |
        | $.process.args                    | ["/none"]                                                                 | executable-missing          |
        | $.root.path                       | "none"                                                                    | bundle-rootfs-missing       |
        | $.hostname                        | "a b"                                                                     | hostname-invalid            |
        | $.domainname                      | "a b"                                                                     | domainname-invalid          |
        | $.mounts                          | [{"destination": "/x", "type": "bind", "source": "/none", "options": ["bind"]}] | bundle-mount-source-missing |
        | $.mounts                          | [{"destination": "/bin", "type": "nullfs", "source": "/etc"}, {"destination": "/bin", "type": "nullfs", "source": "/etc"}] | bundle-mount-twice |
        | $.mounts                          | [{"destination": "/bin/sh", "type": "nullfs", "source": "/etc"}]          | bundle-mount-kind           |
        | $.linux.seccomp                   | {"defaultAction": "SCMP_ACT_ALLOW"}                                       | unsupported-property        |
        | $.linux.resources                 | {"cpu": {"cpus": "0-3000"}}                                               | cpus-invalid                |
        | $.freebsd                         | {"jail": {"allow": {"mount": ["x"]}}}                                     | allow-unknown               |
        | $.freebsd                         | {"jail": {"parent": "a b"}}                                               | name-invalid                |
        | $.freebsd                         | {"jail": {"vnet": "new", "vnetInterfaces": ["-b"]}}                       | interface-invalid           |
        | $.freebsd                         | {"jail": {"parent": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}} | name-long |
        | $.freebsd                         | {"jail": {"vnet": "new", "interface": "em0"}}                             | vnet-addresses              |
        | $.freebsd                         | {"devices": [{"path": "*"}]}                                              | device-invalid              |
        | $.annotations                     | {"org.freebsd.jail.vnet": "inherit", "org.freebsd.jail.vnet.interface": "epair0b"} | bundle-invalid |
        | $.annotations                     | {"io.nexcage.jail.children-max": "x"}                                     | children-invalid            |
        | $.annotations                     | {"io.nexcage.jail.osrelease": "x"}                                        | osrelease-invalid           |
        | $.annotations                     | {"io.nexcage.jail.osreldate": "x"}                                        | osreldate-invalid           |

    Scenario: What only bundle validate tells, and its codes
      Given a bundle
      Then these values in its config.json are found by bundle validate
        | property   | value                              | code                |
        | $.hooks    | {"createRuntime": [{"path": "/none"}]} | bundle-hook-missing |
        | $.hooks    | {"prestart": [{"path": "/bin/sh"}]} | bundle-doubtful     |
        | $.hostnam  | "web"                              | unknown-property    |

    @root
    Scenario: Warnings and their codes
      Given a bundle
      Then these calls succeed, each with a warning that has its code
        | call                                                                | code             |
        | --runtime jail --dry-run create --bundle {bundle} web               | property-ignored |
        | bundle create --from dir:{rootfs} --env NOBODY_SET {dir}/b -- /bin/sh | env-unset      |

    @root
    Scenario: What bundles are made of, and the codes when they cannot be
      Given a file "plain" that says "text"
      And a directory "tree"
      And a directory "open"
      And "open" has mode 777
      Then these calls fail, each with its code
        | call                                                                        | code                        | status |
        | bundle create --from dir:{dir}/none {dir}/b                                 | source-missing              | 1      |
        | bundle create --from dir:{dir}/tree {dir}/tree/b                            | source-invalid              | 2      |
        | bundle create --from dir:{dir}/tree {dir}/plain -- /x                       | bundle-exists               | 1      |
        | bundle create --from dir:{dir}/tree {dir}/b                                 | no-program                  | 2      |
        | bundle create --from oci:{dir}/tree {dir}/b                                 | image-malformed             | 1      |
        | bundle create --from oci:{dir}/tree --platform a/b/c/d {dir}/b              | platform-invalid            | 2      |
        | bundle create --from dir:{dir}/tree --device {dir}/plain {dir}/b -- /x      | device-missing              | 2      |
        | bundle create --from dir:{dir}/tree --volume {dir}/none:/x {dir}/b -- /x    | bundle-mount-source-missing | 2      |
        | bundle create --from dir:{dir}/tree --template {dir}/none {dir}/b -- /x     | template-missing            | 2      |
        | bundle create --from dir:{dir}/tree --cache {dir}/open {dir}/b -- /x        | cache-unsafe                | 1      |
        | bundle create --from docker://localhost:1/x --authfile {dir}/none {dir}/b   | authfile-missing            | 1      |
        | bundle create --from docker-daemon:x:latest {dir}/b                         | daemon-unavailable          | 1      |

    Scenario: An archive of a docker that nobody has any more
      Given a file "repositories" that says "{}"
      When the shell runs "tar cf {dir}/old.tar -C {dir} repositories && exec "$@"" with the runtime as its arguments "--log {dir}/log.json --log-format json bundle create --from docker-archive:{dir}/old.tar {dir}/b"
      Then it exits with status 1
      And the last error in the JSON log "log.json" has $.code "image-unsupported"

    Scenario: A skopeo that fails in words that nobody knows
      Given the caller finds a program "skopeo" that does
        """
        echo "the moon is full" >&2
        exit 1
        """
      Then these calls fail, each with its code
        | call                                                 | code          | status |
        | bundle create --from docker://localhost:1/x {dir}/b  | source-failed | 1      |

    @root
    Scenario: A manifest that is no file
      Given a bundle
      When the runtime is called with "bundle create --from dir:{rootfs} {dir}/made -- /bin/sh"
      Then it succeeds
      Given file or directory "made/.nexcage/manifest.mtree" is removed
      And a directory "made/.nexcage/manifest.mtree"
      Then these calls fail, each with its code
        | call                     | code                | status |
        | bundle verify {dir}/made | manifest-unreadable | 2      |

    @root @needs-skopeo
    Scenario: A registry that does not answer
      Then these calls fail, each with its code
        | call                                                   | code                 | status |
        | bundle create --from docker://localhost:1/x {dir}/b    | registry-unavailable | 1      |

    @root
    Scenario: Programs that are not installed
      Given a directory "tree"
      And the caller finds only the programs "sh tar"
      Then these calls fail, each with its code
        | call                                                                | code               | status |
        | bundle create --from docker://localhost:1/x {dir}/b                 | skopeo-missing     | 1      |
        | bundle create --from template:local:vztmpl/a.tar.gz {dir}/b         | pvesm-missing      | 1      |
        | --runtime pct features                                              | driver-unavailable | 1      |

  Rule: Mistakes that need something rarer

    Scenario: What an image says that no program can use
      Given an image "app" of busybox
      And its image config has $.config.Env set to the JSON ["A=b", "WITHOUT_VALUE"]
      And it runs "true"
      And it is saved as "oci:{dir}/images:app"
      Then these calls succeed, each with a warning that has its code
        | call                                                                       | code      |
        | bundle create --from oci:{dir}/images:app --cache {dir}/cache --rootfs copy {dir}/b | image-env |

    @root
    Scenario: What an ordinary user cannot have
      Given an ordinary user has the directory "home"
      And an image "app" of busybox
      And its image config has $.config.User set to the JSON "1000"
      And it runs "true"
      And it is saved as "oci:{dir}/images:app"
      When an ordinary user calls the runtime with "--log-format json bundle create --from oci:{dir}/images:app --cache {dir}/home/cache --rootfs copy {dir}/home/one"
      Then it succeeds
      And it warns with the code "user"
      When an ordinary user calls the runtime with "--log-format json bundle create --from oci:{dir}/images:app --cache {dir}/home/cache --rootfs overlay {dir}/home/two"
      Then it exits with status 1
      And it fails with the code "overlay-failed"

    @root
    Scenario: A file system that cannot share blocks
      Given an image "app" of busybox
      And it is saved as "oci:{dir}/images:app"
      And a file system is mounted on "other" with a file "x"
      Then these calls fail, each with its code
        | call                                                                                            | code                | status |
        | bundle create --from oci:{dir}/images:app --cache {dir}/other/cache --rootfs reflink {dir}/other/b | reflink-unsupported | 1      |

    @root
    Scenario: A directory that changes while it is copied: that of nexcage's own open files
      Then these calls fail, each with its code
        | call                                                 | code           | status |
        | bundle create --from dir:/proc/self/fd {dir}/b -- sh | source-changed | 1      |

    Scenario: A lease that says nothing
      Given a file "cache/leases/00000000000000000000000000000000" that says "[]"
      And "cache" has mode 700
      Then these calls fail, each with its code
        | call                             | code          | status |
        | bundle prune --cache {dir}/cache | lease-corrupt | 1      |

    Scenario: A mount whose source goes round in a circle
      Given a bundle
      And "circle" is a symbolic link to "{dir}/circle"
      Then these values in its config.json are refused by the dry run of "--runtime crun create --bundle {bundle} web"
        | property | value                                                                                    | code                           |
        | $.mounts | [{"destination": "/x", "type": "bind", "source": "{dir}/circle", "options": ["bind"]}]   | bundle-mount-source-unreadable |

    Scenario: A root at a path that no jail takes
      Given a bundle
      And its root lies at a path of 1100 bytes
      Then these calls fail, each with its code
        | call                                                     | code      |
        | --runtime jail --dry-run create --bundle {bundle} web    | path-long |

    @root
    Scenario: A caller of whom /proc tells nothing
      Given a bundle
      When the shell runs "exec unshare --mount sh -c 'mount --bind /dev/null /proc/$$/status; exec "$0" "$@"' "$@"" with the runtime as its arguments "--log-format json --dry-run --runtime crun --permissive create --bundle {bundle} web"
      Then it exits with status 1
      And it fails with the code "no-proc"

    Scenario: A library that cannot be loaded
      Given an image "app" of busybox
      And it is saved as "tar:{dir}/root.tar"
      And a file "lib/libarchive.so.13" that says "text"
      And a file "lib/libarchive.so.7" that says "text"
      And a file "lib/libarchive.so" that says "text"
      And the variable "LD_LIBRARY_PATH" of the caller is "{dir}/lib"
      Then these calls fail, each with its code
        | call                                              | code            | status |
        | bundle create --from tar:{dir}/root.tar {dir}/b -- sh | library-missing | 1      |

    Scenario: Numbers that change all the time
      Given what was counted changes all the time
      Then these calls fail, each with its code
        | call    | code            | status |
        | metrics | operations-busy | 1      |

  @root @pct
  Rule: Values for Proxmox VE

    Scenario: Annotations that pct would refuse, and their codes
      Given a Proxmox VE node where LXC is only a model
      And a bundle
      And the node's version is known
      Then these values in its config.json are refused by the dry run of "create --bundle {bundle} web"
        | property      | value                                   | code                |
        | $.annotations | {"io.nexcage.pct.cmode": "x"}           | cmode-invalid       |
        | $.annotations | {"io.nexcage.pct.debug": "x"}           | debug-invalid       |
        | $.annotations | {"io.nexcage.pct.ha-managed": "x"}      | ha-managed-invalid  |
        | $.annotations | {"io.nexcage.pct.onboot": "x"}          | onboot-invalid      |
        | $.annotations | {"io.nexcage.pct.protection": "x"}      | protection-invalid  |
        | $.annotations | {"io.nexcage.pct.startup": "x=1"}       | startup-invalid     |
        | $.annotations | {"io.nexcage.pct.unprivileged": "x"}    | unprivileged-invalid |
        | $.annotations | {"io.nexcage.pct.description": "x\u0007"} | description-invalid |
        | $.annotations | {"io.nexcage.pct.pool": "a b"}          | pool-invalid        |
        | $.annotations | {"io.nexcage.pct.tags": "a b;ä"}        | tags-invalid        |
        | $.annotations | {"io.nexcage.pct.vmid": "7"}            | vmid-invalid        |

    Scenario: A bundle that a container was made of
      Given a Proxmox VE node where LXC is only a model
      And a bundle
      When the runtime is called with "bundle create --profile minimal --from dir:{rootfs} {dir}/made -- /bin/sh"
      And the runtime is called with "create --unprivileged 0 --bundle {dir}/made web"
      Then it succeeds
      And these calls fail, each with its code
        | call                     | code          | status |
        | bundle delete {dir}/made | bundle-in-use | 1      |
      When container "web" is deleted
      Then it succeeds

    Scenario: Options of push that pct would misread, and their codes
      Given a Proxmox VE node where LXC is only a model
      And a running container "web"
      And a file "plain" that says "text"
      Then these calls fail, each with its code
        | call                                    | code          |
        | push web {dir}/plain /x --user -x       | user-invalid  |
        | push web {dir}/plain /x --group a:b     | group-invalid |
        | push web {dir}/plain /x --mode 9        | mode-invalid  |
        | push web {dir}/plain x                  | path-invalid  |

    Scenario: The last number is gone before it can be taken
      Given a Proxmox VE node where LXC is only a model
      And a bundle
      And a file "{pve}/etc/pve/datacenter.cfg" that says "next-id: lower=100,upper=151"
      And container 150 of somebody else
      And "pvesh get" will exit with status 0 after it printed "150"
      Then these calls fail, each with its code
        | call                         | code            | status |
        | create --bundle {bundle} web | vmids-exhausted | 1      |

    Scenario: A tool that answers with rubbish
      Given a Proxmox VE node where LXC is only a model
      And a bundle
      And "pvesh get" will exit with status 0 after it printed "the moon is full"
      Then these calls fail, each with its code
        | call                         | code           | status |
        | create --bundle {bundle} web | output-invalid | 1      |

    Scenario: Nothing that could pack a root
      Given a bundle
      And the caller finds all programs but "tar"
      Then these calls fail, each with its code
        | call                                                     | code        | status |
        | --dry-run create --rootfs-size 1 --bundle {bundle} web   | tar-missing | 1      |

    @needs-lxc
    Scenario: A directory to work in, but no shell to go there
      Given a running container "web"
      And file or directory "{rootfs}/bin/sh" is removed
      Then these calls fail, each with its code
        | call                             | code          | status |
        | exec --cwd /tmp web /bin/sleep 1 | shell-missing | 1      |

    @needs-lxc
    Scenario: A copy that stays short of what it should be
      Given a running container "web"
      And a file "plain" that says "text"
      And a file "{rootfs}/x" that says ""
      And "pct push" will exit with status 0 after it printed "all is well"
      Then these calls fail, each with its code
        | call                    | code            | status |
        | push web {dir}/plain /x | copy-incomplete | 1      |

  @root @jail
  Rule: What comes to light on a FreeBSD host

    Background:
      Given a bundle that runs "sleep 100"

    Scenario: An old release, and a file to be mounted
      Given a FreeBSD 13.1 host
      And a file "plain" that says "text"
      Then these values in its config.json are refused by the dry run of "create --bundle {bundle} web"
        | property | value                                                                    | code       |
        | $.mounts | [{"destination": "/etc/plain", "type": "nullfs", "source": "{dir}/plain"}] | mount-file |

    Scenario: A rule set that is not what was made
      Given its config.json has $.freebsd.devices set to the JSON [{"path": "bpf"}]
      And the host's "devfs add include 1" will exit with status 0 after it printed ""
      Then these calls fail, each with its code
        | call                         | code            | status |
        | create --bundle {bundle} web | ruleset-invalid | 1      |
