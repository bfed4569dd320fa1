@nexcage @root @pct @issue-103 @issue-mounts
Feature: What a container has of its bundle
  A property of config.json becomes an option of pct where it has one, else a line of LXC's; what neither has is refused
  by name before anything is made. Which it is can be seen with --dry-run; what comes of it is seen inside.

  Rule: The process

    @needs-lxc
    Scenario: Words, variables, directory and user, exactly
      Given a bundle that runs the probe
      And its config.json has $.process.args set to the JSON ["probe", "/data", "/a b", "/it's", "/say \"it\"", "/$HOME;true", "/*"]
      And its config.json has the environment variable A=b c
      And its config.json has the environment variable QUOTED="x" 'y' $z
      And its config.json has the environment variable EMPTY=
      And its config.json has $.process.cwd set to "/tmp"
      And its config.json has $.process.user set to the JSON {"uid": 1000, "gid": 1000}
      And its root has a directory "a b"
      When container "web" is run
      Then it succeeds
      And the container sees the variable "A" as "b c"
      And the container sees the variable "QUOTED" as ""x" 'y' $z"
      And the container sees the variable "EMPTY" as ""
      And the container does not see the variable "HOME"
      And the container sees the working directory "/tmp"
      And the container sees uid 1000 and gid 1000
      And the container sees "/a b" as a directory
      And the container does not see "/it's"
      And the container does not see "/$HOME;true"
      And the container sees the probe as process 1

    Scenario: Further groups
      Given a bundle
      And its config.json has $.process.user set to the JSON {"uid": 1000, "gid": 1000, "additionalGids": [50, 51]}
      When container "web" is created
      Then it succeeds
      And the configuration of container "web" has the line "lxc.init.uid: 1000"
      And the configuration of container "web" has the line "lxc.init.groups: 50,51"

    @needs-lxc
    Scenario Outline: Words with quotes on Proxmox VE <version>
      Given a Proxmox VE <version> node
      And a bundle
      And its config.json has $.process.args set to the JSON ["sh", "-c", "echo $0/$1/$2", "it's", "a \"b\"", "$HOME;c"]
      When container "web" is run
      Then it succeeds
      And it prints "it's/a "b"/$HOME;c"

      Examples:
        | version |
        | 8.4     |
        | now     |

    @needs-lxc
    Scenario: Limits, capabilities and score of the program
      Given a bundle that runs the probe
      And its config.json has the limit RLIMIT_NOFILE of 100 and at most 200
      And its config.json has the bounding capabilities "CAP_CHOWN CAP_KILL"
      And its config.json has the effective capabilities "CAP_CHOWN CAP_KILL"
      And its config.json has the permitted capabilities "CAP_CHOWN CAP_KILL"
      And its config.json has $.process.oomScoreAdj set to the JSON 500
      When container "web" is run
      Then it succeeds
      And the container has the limit RLIMIT_NOFILE of 100 and at most 200
      And the container has the bounding capabilities "CAP_CHOWN CAP_KILL"
      And the container can gain no new privileges
      And the container has the OOM score adjustment 500

  Rule: Files

    @needs-lxc
    Scenario: A read-only root
      Given a bundle that runs the probe on "/data /dev/shm"
      And its config.json has $.root.readonly set to the JSON true
      When container "web" is run
      Then it succeeds
      And the container cannot write "/data"
      And the container can write "/dev/shm"

    @needs-lxc
    Scenario: Binds, read-only binds, files and file systems in memory
      Given a bundle that runs the probe on "/data /mnt/ro /etc/motd /mnt/mem"
      And its root has a directory "mnt/ro"
      And a directory "shared"
      And a file "shared/hello" that says "hello"
      And a file "motd" that says "welcome"
      And its config.json has the mount {"destination": "/data", "type": "none", "source": "{dir}/shared", "options": ["bind", "rw"]}
      And its config.json has the mount {"destination": "/mnt/ro", "type": "none", "source": "{dir}/shared", "options": ["rbind", "ro"]}
      And its config.json has the mount {"destination": "/etc/motd", "type": "none", "source": "{dir}/motd", "options": ["bind", "ro"]}
      And its config.json has the mount {"destination": "/mnt/mem", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "size=1m"]}
      When container "web" is run
      Then it succeeds
      And pct create was given "--mp0 {dir}/shared,mp=/data,idmap=passthrough"
      And pct create was given "--mp1 {dir}/shared,mp=/mnt/ro,ro=1,idmap=passthrough"
      And the container can write "/data"
      And the container cannot write "/mnt/ro"
      And the container cannot write "/etc/motd"
      And the container sees a mount at "/mnt/mem" of type "tmpfs" with the options "rw,nosuid"

    Scenario: A file that the container's root cannot come to
      Given a bundle
      And a directory "private"
      And "private" has mode 0700
      And a file "private/motd" that says "welcome"
      And its config.json has the mount {"destination": "/etc/motd", "type": "none", "source": "{dir}/private/motd", "options": ["bind"]}
      When container "web" is created
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: $.mounts[5].source: not supported by pct: {dir}/private is for root alone, and LXC mounts as the root of the container"
      And the hint says "move it where others may pass, or use --unprivileged 0"
      And nothing is left on the node
      And nothing is left behind
      When container "web" is created with "--unprivileged 0"
      Then it succeeds

    @needs-lxc
    Scenario: A new volume of a storage
      Given a bundle that runs the probe on "/data"
      And its config.json has the mount {"destination": "/data", "source": "local:0.25", "options": ["nosuid"]}
      When container "web" is created
      Then it succeeds
      And pct create was given "--mp0 local:0.25,mp=/data,mountoptions=nosuid"
      And the configuration of container "web" has a line like "mp0: local:.*,mp=/data,.*size=256M"
      When container "web" is deleted
      Then it succeeds
      And nothing is left on the node

    @needs-lxc
    Scenario: Masked and read-only paths
      Given a bundle that runs the probe on "/proc/keys /data"
      And its root has a file "data/hello" that says "hello"
      And its config.json has $.linux.maskedPaths set to the JSON ["/proc/keys", "/data"]
      And its config.json has $.linux.readonlyPaths set to the JSON ["/tmp"]
      When container "web" is run
      Then it succeeds
      And the container sees "/proc/keys" masked
      And the container sees "/data" masked
      And the container sees a mount at "/tmp" with the options "ro"

    @needs-lxc
    Scenario: Devices
      Given a bundle that runs the probe on "/dev/fuse /dev/null"
      And its config.json has $.linux.devices set to the JSON [{"path": "/dev/fuse", "type": "c", "major": 10, "minor": 229, "fileMode": 438, "uid": 0, "gid": 0}]
      When container "web" is run
      Then it succeeds
      And the container sees "/dev/fuse" as device 10:229

  Rule: Resources

    @needs-lxc
    Scenario: Memory, processes, processor time
      Given a bundle that runs "sleep 100"
      And its config.json has $.linux.resources set to the JSON {"memory": {"limit": 67108864, "swap": 67108864}, "pids": {"limit": 20}, "cpu": {"quota": 50000, "period": 100000, "shares": 512}}
      When container "web" is created
      Then it succeeds
      And pct create was given "--memory 64 --swap 0 --cores 1 --cpulimit 0.5"
      When container "web" is started
      Then it succeeds
      And the memory limit of container "web" is 67108864
      And the process limit of container "web" is 20

    @needs-lxc
    Scenario: A container that takes more memory than it has is ended
      Given a bundle that runs "sh -c 'tail /dev/zero; echo ended with $?'"
      And its config.json has $.linux.resources set to the JSON {"memory": {"limit": 33554432, "swap": 33554432}}
      When container "web" is run
      Then it prints something with "ended with 137"

  Rule: Names, namespaces and settings of the kernel

    @needs-lxc
    Scenario: Host name and settings
      Given a bundle that runs the probe on "/proc/sys/net/ipv4/ip_unprivileged_port_start"
      And its config.json has $.hostname set to "shop.example"
      And its config.json has $.linux.sysctl set to the JSON {"net.ipv4.ip_unprivileged_port_start": "70"}
      When container "web" is run
      Then it succeeds
      And the container sees the host name "shop.example"
      And the container sees the sysctl "net.ipv4.ip_unprivileged_port_start" as "70"
      And the container has a pid namespace of its own
      And the container has a network namespace of its own
      And the container has a user namespace of its own

    Scenario: A user namespace of the bundle
      Given a bundle
      And its config.json has appended to $.linux.namespaces the JSON {"type": "user"}
      And its config.json has $.linux.uidMappings set to the JSON [{"containerID": 0, "hostID": 100000, "size": 65536}]
      And its config.json has $.linux.gidMappings set to the JSON [{"containerID": 0, "hostID": 100000, "size": 65536}]
      When container "web" is created
      Then it succeeds
      And pct create was given "--unprivileged 1"
      And the configuration of container "web" has no line like "lxc.idmap: .*"

    Scenario: A bridge of the host among the bundle's network devices
      Given a bundle
      And its config.json has $.linux.netDevices set to the JSON {"eth9": {"name": "lan0"}}
      When container "web" is created
      Then it succeeds
      And pct create was not given "--net0"
      And the configuration of container "web" has the line "lxc.net.32.type: phys"
      And the configuration of container "web" has the line "lxc.net.32.link: eth9"
      And the configuration of container "web" has the line "lxc.net.32.name: lan0"

    @needs-lxc
    Scenario: Filtered system calls
      Given a bundle that runs the probe
      And its config.json has $.linux.seccomp set to the JSON {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1}]}
      When container "web" is run
      Then it succeeds
      And system calls are filtered

  Rule: What pct cannot give is refused by name, and nothing is made

    Background:
      Given a bundle
      And the node's version is known

    Scenario Outline: <path>
      Given its config.json has <path> set to the JSON <value>
      When container "web" is created
      Then it exits with status 2
      And the error is one line
      And the error says "nexcage: create: config.json: <path>: not supported by pct: <reason>"
      And the node's tools were started 0 times
      And nothing is left on the node
      And nothing is left behind

      Examples:
        | path                                | value                                             | reason                                              |
        | $.process.selinuxLabel              | "system_u:object_r:x"                             | the kernel of Proxmox VE has no SELinux             |
        | $.linux.mountLabel                  | "system_u:object_r:x"                             | the kernel of Proxmox VE has no SELinux             |
        | $.linux.timeOffsets                 | {"monotonic": {"secs": 1}}                        | it would see the clocks of the host                 |
        | $.process.user.umask                | 63                                                | it would be 0022                                    |
        | $.process.capabilities.permitted    | []                                                | root has all that the bounding set has              |

    Scenario Outline: A list: <what>
      Given its config.json has <path> set to the JSON <value>
      When container "web" is created
      Then it exits with status 2
      And the error is one line
      And the error says "nexcage: create: config.json: <place>: not supported by pct: <reason>"
      And the node's tools were started 0 times
      And nothing is left on the node
      And nothing is left behind

      Examples:
        | what                   | path                | value                                               | place                            | reason                                        |
        | a hook before the start | $.hooks            | {"prestart": [{"path": "/bin/true"}]}               | $.hooks.prestart                 | before its start a container of Proxmox VE has no process |
        | a setting of the host  | $.linux.sysctl      | {"kernel.shmmax": "1"}                              | $.linux.sysctl["kernel.shmmax"]  | LXC cannot set it                             |
        | a small memory         | $.linux.resources   | {"memory": {"limit": 1048576}}                      | $.linux.resources.memory.limit   | Proxmox VE gives 16 MiB at least              |
        | both kinds of quotes    | $.process.args    | ["sh", "-c", "echo \"it's\""]                     | $.process.args[2]                | has both kinds of quotes and a blank          |
        | words that no line holds | $.process.args    | ["sh", "-c", "one\\u0007"]                          | $.process.args[2]                | has a control character                       |
        | a namespace of another | $.linux.namespaces[4] | {"type": "network", "path": "/proc/self/ns/net"}     | $.linux.namespaces[4].path       | a container of Proxmox VE joins no namespaces |

    Scenario: With --permissive it is told and left out
      Given its config.json has $.process.selinuxLabel set to "system_u:object_r:x"
      When container "web" is created with "--permissive"
      Then it succeeds
      And it warns "config.json: $.process.selinuxLabel is ignored by pct: the kernel of Proxmox VE has no SELinux"

    Scenario: What only costs comfort is told
      Given its config.json has $.domainname set to "example.org"
      When container "web" is created
      Then it succeeds
      And it warns "config.json: $.domainname is ignored by pct: LXC sets only the host name"
