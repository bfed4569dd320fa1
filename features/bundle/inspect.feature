@nexcage @no-driver @root @issue-92
Feature: What a bundle would run
  "bundle inspect" shows what is in a bundle in the words of people, or as JSON: the command, the user, the
  environment, the root, mounts, limits and what the process may do. It runs nothing and changes nothing.

  Rule: Any bundle can be looked at

    Scenario: The command can be pasted into a shell
      Given a bundle that runs "sh -c 'echo it   runs'"
      When the runtime is called with "bundle inspect {bundle}"
      Then it succeeds
      And it prints a line like "bundle +{bundle}"
      And it prints a line like "runs +sh -c 'echo it   runs'"

    Scenario: Users have the names that the root gives them
      Given a bundle
      And its config.json has $.process.user set to the JSON {"uid": 1000, "gid": 1000, "additionalGids": [50, 51]}
      When the runtime is called with "bundle inspect {bundle}"
      Then it succeeds
      And it prints a line like "user +1000 \(user\), group 1000 \(user\), also in 50 \(staff\), 51"

    Scenario: Limits in the units of people
      Given a bundle
      And its config.json has $.linux.resources set to the JSON {"memory": {"limit": 536870912}, "cpu": {"quota": 150000, "period": 100000}, "pids": {"limit": 64}}
      When the runtime is called with "bundle inspect {bundle}"
      Then it succeeds
      And it prints a line like "limits +memory 512 MiB"
      And it prints a line like " +processor time 1.5 CPUs"
      And it prints a line like " +processes 64"

    Scenario: Mounts as a table
      Given a bundle
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "{dir}/share", "options": ["rbind", "ro"]}
      When the runtime is called with "bundle inspect {bundle}"
      Then it succeeds
      And it prints a line like "MOUNT +TYPE +SOURCE +OPTIONS"
      And it prints a line like "/data +bind +{dir}/share +rbind,ro"

    Scenario: What the process may do
      Given a bundle
      And its config.json has $.process.noNewPrivileges set to the JSON true
      And its config.json has $.root.readonly set to the JSON true
      And its config.json has $.process.capabilities set to the JSON {"bounding": ["CAP_KILL"], "effective": ["CAP_KILL"], "permitted": ["CAP_KILL"]}
      And its config.json has $.linux.namespaces set to the JSON [{"type": "pid"}, {"type": "mount"}]
      When the runtime is called with "bundle inspect {bundle}"
      Then it succeeds
      And it prints a line like "capabilities +KILL"
      And it prints a line like " +no new privileges"
      And it prints a line like " +read-only root"
      And it prints a line like "namespaces +own: pid, mount"
      And it prints a line like " +of the host: network, ipc, uts, user, cgroup, time"

    Scenario: Hooks run on this host, so they are shown
      Given a bundle
      And its config.json has $.hooks set to the JSON {"poststop": [{"path": "/usr/bin/tidy", "args": ["tidy", "the rest"]}]}
      When the runtime is called with "bundle inspect {bundle}"
      Then it succeeds
      And it prints a line like "poststop +/usr/bin/tidy 'the rest'"

    Scenario: A bundle that nexcage made says of what
      Given an image "app" of busybox
      And it is saved as "oci:{dir}/images:app"
      And the bundle "web" of "oci:{dir}/images:app" with "--rootfs copy -- sh"
      When the runtime is called with "bundle inspect {bundle}"
      Then it succeeds
      And it prints a line like "source +oci:{dir}/images:app"
      And it prints a line like " +sha256:[0-9a-f]{64}"
      And it prints a line like "rootfs +{dir}/web/rootfs \(copy\)"
      And it prints a line like "layers +sha256:[0-9a-f]{64}"

  Rule: Secrets are not shown by accident

    Scenario Outline: A variable that looks secret, <format>
      Given a bundle
      And its config.json has the environment variable DB_PASSWORD=hunter2
      And its config.json has the environment variable URL=https://web:hunter2@db.example/x
      When the runtime is called with "bundle inspect --format <format> {bundle}"
      Then it succeeds
      And it prints something with "DB_PASSWORD"
      And it prints something with "https://web:********@db.example/x"
      And it prints nothing with "hunter2"
      When the runtime is called with "bundle inspect --format <format> --show-secrets {bundle}"
      Then it succeeds
      And it prints something with "https://web:hunter2@db.example/x"

      Examples:
        | format |
        | text   |
        | json   |

  Rule: A terminal is written to its width, and is given no orders

    Scenario: Lines fit
      Given a bundle
      And its config.json has the environment variable LONG=/a/long/path:/a/long/path:/a/long/path:/a/long/path:/a/long/path
      And its config.json has the mount {"destination": "/data", "type": "bind", "source": "{dir}/share/share/share/share", "options": ["rbind", "ro", "nosuid", "nodev", "noexec", "rprivate"]}
      And the variable "COLUMNS" of the caller is "60"
      When the runtime is called with "bundle inspect {bundle}"
      Then it succeeds
      And no line that it prints is longer than 60 characters

    Scenario: Control characters are written out
      Given a bundle
      And its config.json has $.process.args set to the JSON ["sh", "\u001b[31m\n"]
      And its config.json has appended to $.process.env the JSON "A=\u001b[2J"
      When the runtime is called with "bundle inspect {bundle}"
      Then it succeeds
      And it prints a line like "runs +sh \$'\\033\[31m\\n'"
      And it prints a line like " +A=\\x1b\[2J"

  Rule: Programs get JSON

    Scenario: JSON of any bundle
      Given a bundle that runs "sh -c true"
      When the runtime is called with "bundle inspect --format json {bundle}"
      Then it succeeds
      And it prints JSON with $.bundle "{bundle}"
      And it prints JSON with $.process.args ["sh", "-c", "true"]
      And it prints JSON with $.process.user.name "root"
      And it prints JSON with $.rootfs.path "{rootfs}"
      And it prints JSON with $.rootfs.exists true
      And it prints JSON with $.source null
      And it prints JSON with $.limits.memory null
      And it prints JSON with $.mounts[0].destination "/proc"

  Rule: What no driver would run is an error

    Scenario: There is no such directory
      When the runtime is called with "bundle inspect {dir}/nowhere"
      Then it exits with status 2
      And the error is the line "nexcage: bundle inspect: bundle {dir}/nowhere does not exist"

    Scenario: config.json is missing
      Given a bundle
      And its config.json is missing
      When the runtime is called with "bundle inspect {bundle}"
      Then it exits with status 2
      And the error says "config.json: does not exist"

    Scenario: config.json is wrong
      Given a bundle
      And its config.json has $.process.cwd set to "tmp"
      When the runtime is called with "bundle inspect {bundle}"
      Then it exits with status 2
      And the error says "$.process.cwd: must be an absolute path"
      And nothing is printed
