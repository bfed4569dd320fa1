@nexcage @root @issue-113
Feature: Check the drivers
  Each driver is usable here, in some version, or there is a reason why not. That one is not installed is well, unless a
  container or somebody's choice needs it.

  Rule: What is here is named with its version

    @crun
    Scenario: crun is usable
      When drivers are checked
      Then check drivers passes "crun 1."
      And check drivers passes "containers can be made with"

    @runc
    Scenario: runc is usable
      When drivers are checked
      Then check drivers passes "runc 1."

    @crun @runc
    Scenario: What is not installed and not needed is well
      Given the caller finds only the programs "crun runc"
      When drivers are checked
      Then it succeeds
      And check drivers passes "pct is not installed: this is no node of Proxmox VE, and nothing needs it"
      And check drivers has nothing to complain of

  Rule: What cannot run here has a reason

    @no-driver
    Scenario: A host without any driver
      Given the caller finds only the programs "python3 sh env"
      When drivers are checked
      Then it exits with status 2
      And check drivers fails "no driver can run here"
      And check drivers hints "apt install runc"

    @runc
    Scenario: crun does not run on hybrid cgroups, where runc does
      When drivers are checked where cgroups are hybrid
      Then it exits with status 1
      And check drivers warns "crun cannot run here: cgroup v1 and v2 are mounted side by side (hybrid mode)"
      And check drivers passes "containers can be made with runc"

    @no-driver
    Scenario: A driver that does not work
      Given the caller finds a program "crun" that does
        """
        echo "crun: this build is broken" >&2
        exit 127
        """
      When drivers are checked
      Then it exits with status 2
      And check drivers fails "{dir}/own/crun does not work: crun: crun: this build is broken"

    @no-driver
    Scenario: A driver that somebody has named has to be there
      Given the variable "NEXCAGE_RUNTIME" of the caller is "jail"
      When drivers are checked
      Then it exits with status 2
      And check drivers fails "jail is not installed: this is no FreeBSD host; NEXCAGE_RUNTIME names it"

    @no-driver
    Scenario Outline: A driver that the configuration names has to be there: <key>
      Given a file "own.json" that reads
        """
        <text>
        """
      And the variable "NEXCAGE_CONFIG" of the caller is "{dir}/own.json"
      When drivers are checked
      Then it exits with status 2
      And check drivers fails "jail is not installed: this is no FreeBSD host; <key> of {dir}/own.json names it"

      Examples:
        | key                | text                                                                |
        | runtime.default    | {"default_runtime": "jail"}                                         |
        | runtime.routing[0] | {"runtime": {"routing": [{"os": "freebsd", "runtime": "jail"}]}}    |

    @no-driver
    Scenario: A driver that a container needs has to be there
      Given 1 containers of driver crun have records
      And the caller finds only the programs "runc python3 sh"
      When drivers are checked
      Then it exits with status 2
      And check drivers fails "crun is not installed; container "c1" needs it"
      And check drivers hints "apt install crun"

  Rule: A node of Proxmox VE has a cluster that works

    @pct
    Scenario: A node that is well
      When drivers are checked
      Then it succeeds
      And check drivers passes "(Proxmox VE"
      And check drivers passes "can change its containers"
      And the node's tools were started at most 1 times

    @pct
    Scenario: A cluster without quorum
      Given the cluster has no quorum
      When drivers are checked
      Then it exits with status 2
      And check drivers fails "the cluster has no quorum, so nothing in it can be changed"
      And check drivers hints "pvecm status"

    @pct
    Scenario: A node whose cluster file system is down
      Given pmxcfs is down
      When drivers are checked
      Then it exits with status 2
      And check drivers fails "the cluster file system of Proxmox VE does not run"
      And check drivers hints "systemctl start pve-cluster"

    @pct
    Scenario: A node whose tools do not work
      Given "pveversion" will always fail with "Can't locate PVE/INotify.pm in @INC"
      When drivers are checked
      Then it exits with status 2
      And check drivers fails "does not work: "

  Rule: A FreeBSD host counts resources, or its jails have no limits

    @jail
    Scenario: A host that is well
      When drivers are checked
      Then it succeeds
      And check drivers passes "jail (FreeBSD"
      And check drivers passes "the kernel counts resources: jails can have limits"

    @jail
    Scenario: A host that does not count resources
      Given the host does not count resources
      When drivers are checked
      Then it exits with status 1
      And check drivers warns "the kernel does not count resources"
      And check drivers hints "kern.racct.enable=1 into /boot/loader.conf"
