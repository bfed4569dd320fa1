@nexcage @root @pct @issue-87
Feature: Defects that an earlier implementation had
  Each scenario is one that users of an earlier nexcage met, and says what must not happen again.

  Background:
    Given a bundle

  Rule: Reading what the node says

    Scenario: A lock is not taken for a container's name
      Given a created container "web"
      And container "web" is locked by "backup"
      When the runtime is called with "list --format json"
      Then it succeeds
      And it prints JSON with $[0].id "web"
      And it prints something with ""vmid": {vmid of web}"

    Scenario: A node that does not answer does not make a number free
      Given the node's version is known
      And "pvesh get" will fail with "ipcc_send_rec[1] failed: Connection refused"
      When container "web" is created
      Then it exits with status 1
      And the error says "the cluster file system of Proxmox VE does not run"
      And nothing is left on the node
      And nothing is left behind

    Scenario: A list that cannot be had is no empty list
      Given a created container "web"
      And "pvesh get" will fail with "ipcc_send_rec[1] failed: Connection refused"
      When the runtime is called with "list"
      Then it exits with status 1
      And it prints something with "unknown"
      And the error says "the cluster file system of Proxmox VE does not run"

  Rule: Numbers

    Scenario: A number that a virtual machine has is not given to a container
      Given virtual machine 4711
      When container "web" is created with "--vmid 4711"
      Then it exits with status 1
      And the error is the line "nexcage: create: VMID 4711 is in use"
      And nothing is left behind

    Scenario: A number is free although a longer one begins with it
      Given container 1001 of somebody else
      When container "web" is created with "--vmid 100"
      Then it succeeds
      And the node has container "100"

    Scenario: A name that is taken is refused before a tool is started
      Given a created container "web"
      When container "web" is created
      Then it exits with status 1
      And the error is the line "nexcage: create: container "web" already exists"
      And the node's tools were started 0 times

    Scenario: A number on another node is taken
      Given container 4711 on node "other"
      When container "web" is created with "--vmid 4711"
      Then it exits with status 1
      And the error is the line "nexcage: create: VMID 4711 is in use"
      And nothing is left behind

  Rule: Creating

    Scenario: "already exists" is a failure
      Given "pct create" will always fail with "CT 4711 already exists on node 'pve'"
      When container "web" is created with "--vmid 4711"
      Then it exits with status 1
      And the error says "VMID 4711 is taken by a guest on node "pve""
      And nothing is left on the node
      And nothing is left behind

    Scenario: No kind of system is forced upon a template
      Given a template "box.tar.gz" of the bundle's rootfs in storage "local"
      When container "web" is made by the call "--root {root} create --image local:vztmpl/box.tar.gz web"
      Then it succeeds
      And pct create was not given "--ostype"

    Scenario: A container is unprivileged unless it is asked for otherwise
      Given a Proxmox VE 8.4 node
      When container "web" is created
      Then it succeeds
      And the configuration of container "web" has the line "unprivileged: 1"

    Scenario: keyctl is nothing for privileged containers
      When container "web" is created with "--unprivileged 0 --features keyctl=1"
      Then it exits with status 2
      And the error is the line "nexcage: create: option --features: "keyctl=1" has keyctl, which is for unprivileged containers"
      And nothing is left behind

    Scenario: The bridge is the one of the configuration, else that of each node
      When container "web" is created
      Then it succeeds
      And pct create was given "--net0 name=eth0,bridge=vmbr0,ip=dhcp,host-managed=1"
      Given the variable "NEXCAGE_NETWORK_BRIDGE" of the caller is "vmbr9"
      When container "db" is created
      Then it succeeds
      And pct create was given "--net0 name=eth0,bridge=vmbr9,ip=dhcp,host-managed=1"

    Scenario: The storage of the configuration reaches pct
      Given the storage "fast"
      And a template "box.tar.gz" of the bundle's rootfs in storage "local"
      And the variable "NEXCAGE_PROXMOX_STORAGE" of the caller is "fast"
      When container "web" is made by the call "--root {root} create --image local:vztmpl/box.tar.gz web"
      Then it succeeds
      And pct create was given "--rootfs fast:4"

    Scenario Outline: The name of a template stays as it is: <file>
      Given a template "<file>" of the bundle's rootfs in storage "local"
      When container "web" is made by the call "--root {root} create --image local:vztmpl/<file> web"
      Then it succeeds
      And pct create was given "{vmid} local:vztmpl/<file>"

      Examples:
        | file       |
        | box.tar.gz |
        | box.tar.xz |

  Rule: Mounts

    Scenario: Options of mounts are not dropped, and file systems of the kernel are no mount points
      Given a directory "shared"
      And its config.json has the mount {"destination": "/data", "type": "none", "source": "{dir}/shared", "options": ["bind", "ro", "nosuid"]}
      And its config.json has the mount {"destination": "/mem", "type": "tmpfs", "source": "tmpfs", "options": ["size=1m"]}
      When container "web" is created
      Then it succeeds
      And pct create was given "--mp0 {dir}/shared,mp=/data,ro=1,mountoptions=nosuid,idmap=passthrough"
      And pct create was not given "--mp1"
      And the configuration of container "web" has the line "lxc.mount.entry: tmpfs mem tmpfs size=1m,create=dir 0 0"

    Scenario: Nothing is left when a mount fails
      Given its config.json has the mount {"destination": "/data", "type": "none", "source": "{dir}/nosuch", "options": ["bind"]}
      When container "web" is created
      Then it exits with status 2
      And the error says ""{dir}/nosuch" on "/data": the source does not exist"
      And nothing is left on the node
      And nothing is left behind

  Rule: Bundles and images

    Scenario: The bundle of a container is told in its state
      When container "web" is created
      Then it succeeds
      And the state of container "web" has $.bundle "{bundle}"
      And the state of container "web" has $.status "created"
      And the state of container "web" has $.pid 0

    Scenario: A bundle without config.json
      Given its config.json is missing
      When the runtime is called with "--runtime pct create --bundle {bundle} web"
      Then it exits with status 2
      And the error is the line "nexcage: create: config.json: does not exist in {bundle}"
      And nothing is left on the node
      And nothing is left behind

    @needs-lxc
    Scenario: Nothing of the files is lost on their way into a volume
      Given its root has a file "data/tool" that says "tool"
      And its root has a symbolic link "data/link" to "tool"
      When somebody runs "chmod 755 {rootfs}/data/tool"
      And container "web" is created with "--rootfs-size 0.5"
      Then it succeeds
      When container "web" is started
      And "sh -c 'cat /data/link; readlink /data/link; stat -c %a /data/tool'" is executed in container "web"
      Then it prints the lines
        """
        tool
        tool
        755
        """

    @needs-lxc
    Scenario: Words of the program are no shell's
      Given a bundle that runs "echo $(id) ; touch /pwned"
      When container "web" is run
      Then it succeeds
      And it prints "$(id) ; touch /pwned"
      And file "bundle2/rootfs/pwned" does not exist

    Scenario: Temporary files are none that others can foresee, and are removed
      Given all that is below "/tmp/nexcage" is remembered
      When container "web" is created with "--rootfs-size 0.5"
      Then it succeeds
      And file "{root}/web/rootfs.tar" does not exist
      And nothing below "/tmp/nexcage" has changed

    Scenario: An id that JSON has to escape
      When container "a.b-c_d+e" is created
      Then it succeeds
      And the state of container "a.b-c_d+e" has $.id "a.b-c_d+e"
      And pct create was given "--hostname box"

    Scenario: The record goes with the container
      Given a created container "web"
      When container "web" is deleted
      Then it succeeds
      And file "{root}/web" does not exist
      And nothing is left behind

  Rule: Stopping

    Scenario: A container is asked to end before it is killed, and only for so long
      Given a Proxmox VE node where LXC is only a model
      And a running container "web"
      When the runtime is called with "stop --timeout 3 web"
      Then it succeeds
      And pct shutdown was given "{vmid of web} --timeout 3 --forceStop 1"

    Scenario: A call that hangs is ended
      Given the node's version is known
      And the variable "NEXCAGE_PROXMOX_TIMEOUT" of the caller is "1"
      And "pct create" will hang
      When container "web" is created
      Then it exits with status 1
      And it has taken less than 20 seconds
      And nothing is left on the node
      And nothing is left behind

  Rule: Images

    Background:
      Given an image "app" of busybox
      And it is saved as "oci-archive:{dir}/app.tar"

    Scenario: An image makes an unprivileged container, and its volume has the name that Proxmox VE gave
      When container "web" is made by the call "--root {root} create --image {dir}/app.tar web"
      Then it succeeds
      And the configuration of container "web" has the line "unprivileged: 1"
      And the configuration of container "web" has a line like "rootfs: local:{vmid}/.*"

    Scenario: A fetch that failed makes no container
      Given the registry is down
      When container "web" is made by the call "--root {root} create --image docker://{registry}/app:1 --src-tls-verify false web"
      Then it exits with status 1
      And the error is one line
      And nothing is left on the node
      And nothing is left behind

  Rule: The cluster

    Scenario: A state is not taken from what the cluster said ten seconds ago
      Given a Proxmox VE node where LXC is only a model
      And a running container "web"
      Then container "web" stays running
      When the state of container "web" is asked for
      Then the node's tools were started 0 times

    Scenario: A container that moved to another node is found there
      Given a created container "web"
      When somebody moves container "web" to node "other"
      And the runtime is called with "start web"
      Then it exits with status 1
      And the error says "container "web" (VMID {vmid of web})"
      And the error says "other"
