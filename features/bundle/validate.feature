@nexcage @no-driver @root @issue-92
Feature: All that is wrong with a bundle
  "bundle validate" names everything at once: what the specification (1.3) forbids, what it advises against, what this
  host does not have, and what a driver would refuse or ignore. Each is one line with its place in config.json.

  Rule: A bundle without a fault is valid

    Scenario: A good bundle
      Given a bundle that runs "true"
      When the bundle is validated
      Then it succeeds
      And it prints "{bundle}: valid"

    Scenario: Properties that the specification does not know are allowed
      Given a bundle
      And its config.json has $.vendor set to the JSON {"anything": [1, 2]}
      When the bundle is validated
      Then it succeeds
      And it prints "{bundle}: valid"

    Scenario: Warnings alone leave it valid
      Given a bundle
      And its config.json has $.process.noNewPrivilege set to the JSON true
      And its config.json has the environment variable PATH=/usr/bin
      When the bundle is validated
      Then it succeeds
      And it prints the lines
        """
        warnings:
          $.process.env[2]: "PATH" is already set by $.process.env[0]
          $.process.noNewPrivilege: is unknown, so it is ignored (did you mean "noNewPrivileges"?)
        {bundle}: valid, 2 warnings
        """

  Rule: All faults are named at once, each by its place

    Scenario: Many faults in one config.json
      Given a bundle
      And its config.json has $.process.cwd set to "tmp"
      And its config.json has $.process.capabilities.bounding set to the JSON ["CAP_KIL", "CAP_NET_BIND_SERVICE"]
      And its config.json has $.process.user.uid set to "root"
      And its config.json has $.mounts[4].destination set to "sys"
      And its config.json has $.linux.namespaces set to the JSON [{"type": "pid"}, {"type": "pid"}, {"type": "uts"}]
      And its config.json has $.linux.uidMappings set to the JSON [{"containerID": 0, "hostID": 1000, "size": 0}]
      And its config.json has $.linux.seccomp set to the JSON {"defaultAction": "SCMP_ACT_DENY"}
      And its config.json has $.linux.resources set to the JSON {"memory": {"limit": 100, "swap": 50}}
      When the bundle is validated
      Then it exits with status 2
      And it prints the lines
        """
        errors:
          $.process.cwd: must be an absolute path, not "tmp"
          $.process.user.uid: must be a whole number
          $.mounts[4].destination: must be an absolute path, not "sys", for the mount of "sysfs"
          $.linux.namespaces[1].type: namespace "pid" is given twice
          $.process.capabilities.bounding[0]: "CAP_KIL" is not known (did you mean "CAP_KILL"?)
          $.linux.uidMappings[0].size: must be greater than 0
          $.linux.uidMappings: needs a user namespace, else it maps nothing (add {"type": "user"} to $.linux.namespaces, or take it out)
          $.linux.resources.memory.swap: 50 is below the memory limit 100, which it contains
          $.linux.seccomp.defaultAction: "SCMP_ACT_DENY" is not known
        {bundle}: 9 errors
        """

    Scenario: The first error is the one that create ends at
      Given a bundle
      And its config.json has $.process.args set to the JSON []
      And its config.json has $.linux.cgroupsPath set to "/a/../b"
      When the bundle is validated
      Then it exits with status 2
      And it prints the lines
        """
        errors:
          $.process.args: must not be empty
          $.linux.cgroupsPath: must not climb with ..
        {bundle}: 2 errors
        """
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.process.args: must not be empty"

    Scenario Outline: A fault of the specification: <what>
      Given a bundle
      And its config.json has <path> set to the JSON <value>
      When the bundle is validated
      Then it exits with status 2
      And it prints something with "  <said>"

      Examples:
        | what                         | path                            | value                                            | said |
        | an unknown limit             | $.process.rlimits               | [{"type": "RLIMIT_FILES", "soft": 1, "hard": 1}] | $.process.rlimits[0].type: "RLIMIT_FILES" is not known |
        | a device without a number    | $.linux.devices                 | [{"type": "c", "path": "/dev/x", "minor": 1}]    | $.linux.devices[0].major: is required |
        | a setting of the host        | $.linux.sysctl["vm.swappiness"] | "1"                                              | $.linux.sysctl["vm.swappiness"]: is not of a namespace |
        | a policy without its nodes   | $.linux.memoryPolicy            | {"mode": "MPOL_BIND"}                            | $.linux.memoryPolicy.nodes: is required for MPOL_BIND |
        | an unknown propagation       | $.linux.rootfsPropagation       | "both"                                           | $.linux.rootfsPropagation: must be one of shared, slave, |
        | an unknown scheduler         | $.process.scheduler.policy      | "SCHED_SLOW"                                     | $.process.scheduler.policy: must be one of SCHED_OTHER, |
        | an address that is none      | $.freebsd.jail.ip4Addr          | ["10.0.0"]                                       | $.freebsd.jail.ip4Addr[0]: must be an address such as |
        | clocks without a namespace   | $.linux.timeOffsets             | {"boottime": {"secs": 5}}                        | $.linux.timeOffsets: needs a time namespace |
        | an agent without a socket    | $.linux.seccomp                 | {"defaultAction": "SCMP_ACT_NOTIFY"}             | $.linux.seccomp.listenerPath: is required for SCMP_ACT_NOTIFY |
        | a user without a group       | $.process.user                  | {"uid": 1000}                                    | $.process.user.gid: is required |

  Rule: Mounts are named by index, source and destination

    Scenario: Two mounts on one destination
      Given a bundle
      And a file "one/note" that says "1"
      And a file "two/note" that says "2"
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "{dir}/one", "options": ["bind"]}
      And its config.json has the mount {"destination": "/data/", "type": "bind", "source": "{dir}/two", "options": ["bind"]}
      When the bundle is validated
      Then it exits with status 2
      And it prints something with "$.mounts[6]: "{dir}/two" on "/data/": would hide "{dir}/one" of $.mounts[5]"
      When container "web" is created
      Then it exits with status 2
      And the error says "$.mounts[6]: "{dir}/two" on "/data/": would hide "{dir}/one" of $.mounts[5]"
      And nothing is left behind

    Scenario: A mount that hides an earlier one
      Given a bundle
      And its config.json has the mount {"destination": "/dev", "type": "tmpfs", "source": "late"}
      And its config.json has $.mounts[1].destination set to "/run"
      When the bundle is validated
      Then it succeeds
      And it prints something with "$.mounts[5]: "/dev" hides "/dev/pts" of $.mounts[2] (put it before that one)"

  Rule: What a bundle needs of this host is looked for

    Scenario: Everything that is not there
      Given a bundle that runs "/bin/nosuch"
      And its config.json has the mount {"destination": "/one", "type": "bind", "source": "{dir}/one", "options": ["bind"]}
      And its config.json has the mount {"destination": "/two", "type": "bind", "source": "two", "options": ["bind"]}
      When the bundle is validated
      Then it exits with status 2
      And it prints the lines
        """
        errors:
          $.mounts[5]: "{dir}/one" on "/one": the source does not exist (create it on the host, or take the mount of "/one" out of config.json)
          $.mounts[6]: "two" on "/two": the source does not exist in {bundle} (create it on the host, or take the mount of "/two" out of config.json)
          $.process.args[0]: "/bin/nosuch": no such file or directory in the rootfs
        {bundle}: 3 errors
        """

    Scenario: A root that is not there
      Given a bundle
      And its root is removed
      When the bundle is validated
      Then it exits with status 2
      And it prints something with "  $.root.path: "{bundle}/rootfs" does not exist"

    Scenario: A hook that is not there
      Given a bundle
      And its config.json has $.hooks.poststop set to the JSON [{"path": "/nosuch/hook"}]
      When the bundle is validated
      Then it exits with status 2
      And it prints something with "  $.hooks.poststop[0].path: "/nosuch/hook" does not exist"

    Scenario: No config.json
      Given a bundle
      And its config.json is missing
      When the bundle is validated
      Then it exits with status 2
      And it prints something with "  $: does not exist in {bundle}"

    Scenario: A config.json that is no JSON
      Given a bundle
      And its config.json reads
        """
        {"ociVersion": }
        """
      When the bundle is validated
      Then it exits with status 2
      And it prints something with "  $: line 1, column 16: expecting value"

    Scenario: No bundle
      When the runtime is called with "bundle validate {dir}/nosuch"
      Then it exits with status 2
      And the error is the line "nexcage: bundle validate: bundle {dir}/nosuch does not exist"

  Rule: What a driver would refuse or ignore is said with --for

    Scenario: A driver that takes all of it
      Given a bundle
      And its config.json has no $.linux.cgroupsPath
      When the bundle is validated for "pct"
      Then it succeeds
      And it prints the lines
        """
        pct (Proxmox VE 9.1) takes all of it
        {bundle}: valid
        """

    Scenario: What a driver ignores is no error
      Given a bundle
      When the bundle is validated for "pct"
      Then it succeeds
      And it prints the lines
        """
        pct (Proxmox VE 9.1):
          ignored $.linux.cgroupsPath: Proxmox VE has a place of its own for it: /lxc/VMID
        {bundle}: valid, 1 property ignored by pct
        """

    Scenario: What Proxmox VE refuses
      Given a bundle
      And its config.json has $.linux.namespaces[0].path set to "/proc/self/ns/pid"
      And its config.json has $.process.user.umask set to the JSON 63
      When the bundle is validated for "pct"
      Then it exits with status 2
      And it prints something with "  refused $.process.user.umask: it would be 0022"
      And it prints something with "  refused $.linux.namespaces[0].path: a container of Proxmox VE joins no namespaces"
      And it prints something with "{bundle}: valid, 2 properties refused by pct, 1 property ignored by pct"

    Scenario: What a jail makes of a config for Linux
      Given a bundle
      And its config.json has $.linux.seccomp set to the JSON {"defaultAction": "SCMP_ACT_ALLOW"}
      When the bundle is validated for "jail"
      Then it exits with status 2
      And it prints something with "jail (FreeBSD 15.1):"
      And it prints something with "  note    $.freebsd: is absent: of linux, a jail takes the limits of memory, pids,"
      And it prints something with "  refused $.linux.seccomp: FreeBSD has no filters of system calls"

    Scenario: A driver that is not installed is judged by its newest version
      Given a bundle
      And its config.json has $.linux.resources.rdma set to the JSON {"mlx5_1": {"hcaHandles": 3}}
      And the caller finds only the programs "python3 sh env dirname readlink"
      When the bundle is validated for "crun"
      Then it exits with status 2
      And it prints the lines
        """
        crun 1.26.0 (not installed here):
          refused $.linux.resources.rdma: RDMA resources would not be limited
        {bundle}: valid, 1 property refused by crun
        """

    Scenario: All drivers side by side
      Given a bundle
      And its config.json has $.linux.seccomp set to the JSON {"defaultAction": "SCMP_ACT_LOG"}
      When the bundle is validated for "all"
      Then it exits with status 2
      And it prints a line like "PROPERTY +PCT +CRUN +RUNC +JAIL"
      And it prints a line like "\$\.linux\.seccomp +- +- +- +refused"
      And it prints a line like "\$\.linux\.seccomp\.defaultAction +refused +- +- +-"

    Scenario: Faults do not keep drivers from being judged
      Given a bundle
      And its config.json has $.mounts[0] set to the JSON 5
      And its config.json has $.process.user.umask set to the JSON 63
      When the bundle is validated for "pct"
      Then it exits with status 2
      And it prints something with "  $.mounts[0]: must be an object"
      And it prints something with "  refused $.process.user.umask: it would be 0022"

    Scenario: A driver that there is not
      Given a bundle
      When the bundle is validated for "docker"
      Then it exits with status 2
      And the error says "option --for must be one of pct, crun, runc, jail, all, not "docker""

  Rule: Programs get it as JSON

    Scenario: Problems and drivers as JSON
      Given a bundle
      And its config.json has $.process.arg set to the JSON ["x"]
      And its config.json has $.process.cwd set to "tmp"
      And its config.json has $.process.user.umask set to the JSON 63
      When the bundle is validated for "pct" as JSON
      Then it exits with status 2
      And it prints JSON with $.valid false
      And it prints JSON with $.bundle "{bundle}"
      And it prints JSON with $.problems[0].path "$.process.cwd"
      And it prints JSON with $.problems[0].severity "error"
      And it prints JSON with $.problems[0].code "bundle-invalid"
      And it prints JSON with $.problems[0].message "must be an absolute path, not \"tmp\""
      And it prints JSON with $.problems[1].path "$.process.arg"
      And it prints JSON with $.problems[1].severity "warning"
      And it prints JSON with $.problems[1].code "unknown-property"
      And it prints JSON with $.drivers.pct.version "Proxmox VE 9.1"
      And it prints JSON with $.drivers.pct.refused[0].path "$.process.user.umask"
      And it prints JSON with $.drivers.pct.ignored [{"path": "$.linux.cgroupsPath", "reason": "Proxmox VE has a place of its own for it: /lxc/VMID"}]
