@nexcage @root @issue-92
Feature: What a bundle runs, and how
  A bundle runs what its image would run under docker, as the image specification converts it. Options change that, and
  profiles say how confined the program is where nobody says anything.

  Rule: The image says what runs

    Scenario: Entrypoint and Cmd, Env, WorkingDir and User
      Given an image "app" of busybox
      And its image's "config" is
        """
        {"Entrypoint": ["sh", "-c"], "Cmd": ["id -un; pwd; echo $GREETING $HOME"],
         "Env": ["PATH=/bin", "GREETING=hello"], "WorkingDir": "/srv/app", "User": "user"}
        """
      And it is saved as "oci:{dir}/images:app"
      And the bundle "web" of "oci:{dir}/images:app"
      When bundle "web" is run as container "web"
      Then it prints a line like "user"
      And it prints a line like "/srv/app"
      And it prints a line like "hello /.*"

    @no-driver
    Scenario: Labels and the rest become annotations, and labels win
      Given an image "app" of busybox
      And its image's "config" is
        """
        {"Cmd": ["sh"], "StopSignal": "SIGQUIT", "ExposedPorts": {"80/tcp": {}, "443": {}},
         "Labels": {"vendor": "us", "org.opencontainers.image.os": "said by the label"}}
        """
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is created from "oci:{dir}/images:app"
      Then it succeeds
      And the config.json of bundle "web" has $.annotations.vendor "us"
      And the config.json of bundle "web" has $.annotations["org.opencontainers.image.stopSignal"] "SIGQUIT"
      And the config.json of bundle "web" has $.annotations["org.opencontainers.image.exposedPorts"] "443,80/tcp"
      And the config.json of bundle "web" has $.annotations["org.opencontainers.image.os"] "said by the label"

    @no-driver
    Scenario: A label that a runtime would obey is left out
      Given an image "app" of busybox
      And its image's "config" is
        """
        {"Cmd": ["sh"], "Labels": {"run.oci.handler": "krun", "vendor": "us"}}
        """
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is created from "oci:{dir}/images:app"
      Then it succeeds
      And the JSON log "{log}" has an entry of level warning that says "label "run.oci.handler" of the image is left out"
      And the config.json of bundle "web" has $.annotations.vendor "us"
      And the config.json of bundle "web" has no $.annotations["run.oci.handler"]

    @no-driver
    Scenario: A user that the image does not have
      Given an image "app" of busybox
      And its image config has $.config.User set to the JSON "nobody-here"
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is created from "oci:{dir}/images:app"
      Then it exits with status 1
      And the error says "user "nobody-here" is not in etc/passwd"
      And bundle "web" does not exist
      And no half bundle "web" is left

    @no-driver
    Scenario: A line of passwd whose number is none makes nobody root
      Given an image "app" of busybox
      And its next layer holds
        """
        file etc/passwd text=evil:x:none:0::/:/bin/sh
        """
      And its image config has $.config.User set to the JSON "evil"
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is created from "oci:{dir}/images:app"
      Then it exits with status 1
      And the error says "user "evil""

    @no-driver
    Scenario: Nothing says what to run
      When bundle "web" is created from "scratch"
      Then it exits with status 2
      And the error has the code "no-program"
      And nothing of bundle "web" is left

    Scenario: A volume of the image is a directory of the bundle
      Given an image "app" of busybox
      And its next layer holds
        """
        dir data mode=0750 uid=1000
        file data/note text=first
        """
      And its image config has $.config.Volumes set to the JSON {"/data": {}}
      And it runs "cat /data/note; echo second >/data/note"
      And it is saved as "oci:{dir}/images:app"
      And the bundle "web" of "oci:{dir}/images:app"
      When bundle "web" is run as container "web"
      Then it prints "first"
      And file "web/volumes/data/note" says "second"
      And the root of bundle "web" holds
        """
        file data/note text=first
        """

    @no-driver
    Scenario: A volume that would hide the kernel's files is left out
      Given an image "app" of busybox
      And its image config has $.config.Volumes set to the JSON {"/proc/sys": {}}
      And it is saved as "oci:{dir}/images:app"
      When bundle "web" is created from "oci:{dir}/images:app"
      Then it succeeds
      And the JSON log "{log}" has an entry of level warning that says "volume "/proc/sys" of the image is left out"

  Rule: Options change what the image says

    Background:
      Given an image "app" of busybox
      And its image's "config" is
        """
        {"Entrypoint": ["echo", "entry"], "Cmd": ["command"], "Env": ["PATH=/bin", "A=1"]}
        """
      And it is saved as "oci:{dir}/images:app"

    Scenario: Words after -- replace Cmd
      Given the bundle "web" of "oci:{dir}/images:app" with "-- given words"
      When bundle "web" is run as container "web"
      Then it prints "entry given words"

    Scenario: --entrypoint replaces both
      Given the bundle "web" of "oci:{dir}/images:app" with "--entrypoint pwd --cwd /var"
      When bundle "web" is run as container "web"
      Then it prints "/var"

    Scenario: Variables of the option, of the caller and of nobody
      Given the variable "CALLERS" of the caller is "theirs"
      When bundle "web" is created from "oci:{dir}/images:app" with "--entrypoint env --env A=2 --env CALLERS --env NOBODYS"
      Then it succeeds
      And the JSON log "{log}" has an entry of level warning that says "--env NOBODYS"
      When bundle "web" is run as container "web"
      Then it prints a line like "A=2"
      And it prints a line like "CALLERS=theirs"
      And it prints a line like "PATH=/bin"

    Scenario: User, host name and mounts
      Given a file "note" that says "from the host"
      And the bundle "web" of "oci:{dir}/images:app" with "--user 7:8 --hostname shop --volume {dir}/note:/note:ro --tmpfs /scratch:size=1m --entrypoint sh -- -c 'id -u; id -g; cat /note; cat /proc/sys/kernel/hostname; (echo x >/note) 2>/dev/null || echo kept; echo x >/scratch/x && echo wrote'"
      When bundle "web" is run as container "web"
      Then it prints a line like "7"
      And it prints a line like "8"
      And it prints a line like "from the host"
      And it prints a line like "shop"
      And it prints a line like "kept"
      And it prints a line like "wrote"

    Scenario: A device of the host
      Given the bundle "web" of "oci:{dir}/images:app" with "--device /dev/zero:/dev/nothing:r --entrypoint stat -- -c %F,%t,%T /dev/nothing"
      When bundle "web" is run as container "web"
      Then it prints "character special file,1,5"

    @no-driver
    Scenario: Limits and capabilities
      When bundle "web" is created from "oci:{dir}/images:app" with "--memory 64m --cpus 1.5 --pids 20 --cap-drop all --cap-add net_raw --annotation team=shop --read-only"
      Then it succeeds
      And the config.json of bundle "web" has $.linux.resources.memory.limit 67108864
      And the config.json of bundle "web" has $.linux.resources.cpu.quota 150000
      And the config.json of bundle "web" has $.linux.resources.pids.limit 20
      And the config.json of bundle "web" has $.process.capabilities.bounding ["CAP_NET_RAW"]
      And the config.json of bundle "web" has $.annotations.team "shop"
      And the config.json of bundle "web" has $.root.readonly true

    @no-driver
    Scenario Outline: In config.json: <option> is refused before anything is made
      When bundle "web" is created from "oci:{dir}/images:app" with "<option>"
      Then it exits with status 2
      And the error says "<words>"
      And nothing of bundle "web" is left

      Examples:
        | option                           | words                                        |
        | --memory lots                    | option --memory takes a size such as 512m    |
        | --cap-add NET_ADMN               | there is no capability "NET_ADMN"            |
        | --volume /nowhere:/data          | the source "/nowhere" does not exist         |
        | --volume data:/data              | a bundle has no volume named "data"          |
        | --tmpfs /a --mount dst=/a        | two mounts on "/a"                           |
        | --tmpfs relative                 | must be an absolute path                     |
        | --device /dev/nowhere            | --device "/dev/nowhere" cannot be used       |
        | --hostname invalid@hostname      | --hostname "invalid@hostname" is no host name |
        | --network bridge                 | --network must be none, host or ns:PATH      |
        | --profile bogus                  | option --profile must be one of default      |

    @no-driver
    Scenario: A user that is asked for has to be there
      When bundle "web" is created from "oci:{dir}/images:app" with "--user nobody-here"
      Then it exits with status 2
      And the error says "user "nobody-here" is not in etc/passwd"
      And bundle "web" does not exist
      And no half bundle "web" is left

  Rule: Profiles say how confined the program is

    Background:
      Given an image "app" of busybox
      And it is saved as "oci:{dir}/images:app"

    @no-driver
    Scenario: The list of profiles
      When the runtime is called with "bundle template list"
      Then it succeeds
      And it prints a line like "default +.*"
      And it prints a line like "hardened +.*"
      And it prints a line like "minimal +.*"
      And it prints a line like "freebsd +.*"

    Scenario Outline: Programs run in profile <profile>
      Given the bundle "web" of "oci:{dir}/images:app" with "--profile <profile> -- sh -c 'sleep 0; ls / >/dev/null; (true & wait); cat /proc/self/status | busybox grep -c Pid; busybox ps >/dev/null && echo runs'"
      When bundle "web" is run as container "web"
      Then it prints a line like "runs"
      And it succeeds

      Examples:
        | profile  |
        | default  |
        | hardened |
        | minimal  |

    Scenario Outline: The default profile denies root to <what>
      Given the bundle "web" of "oci:{dir}/images:app" with "-- sh -c '<command> 2>&1 || echo denied'"
      When bundle "web" is run as container "web"
      Then it prints something with "denied"

      Examples:
        | what                     | command                              |
        | mount                    | busybox mount -t tmpfs none /var     |
        | make namespaces          | busybox unshare -U true              |
        | change settings          | echo 1 >/proc/sys/kernel/panic       |
        | read the kernel's log    | busybox dmesg                        |

    Scenario: A capability that is asked for opens what it is for
      Given the bundle "web" of "oci:{dir}/images:app" with "--cap-add sys_admin -- sh -c 'busybox mount -t tmpfs none /var && echo mounted'"
      When bundle "web" is run as container "web"
      Then it prints "mounted"

    Scenario: The hardened profile leaves nothing to write to but memory
      Given the bundle "web" of "oci:{dir}/images:app" with "--profile hardened -- sh -c 'touch /x 2>/dev/null || echo kept; touch /tmp/x /run/x && echo wrote; busybox grep -E ^NoNewPrivs:.1 /proc/self/status'"
      When bundle "web" is run as container "web"
      Then it prints a line like "kept"
      And it prints a line like "wrote"
      And it prints a line like "NoNewPrivs:.*"

    @no-driver
    Scenario: The jail of the FreeBSD profile
      When bundle "web" is created from "oci:{dir}/images:app" with "--profile freebsd"
      Then it succeeds
      And the config.json of bundle "web" has $.ociVersion "1.3.0"
      And the config.json of bundle "web" has $.freebsd.jail.vnet "new"
      And the config.json of bundle "web" has no $.linux

    Scenario: A network of its own has no interface but lo, the host's has its name servers
      Given the bundle "web" of "oci:{dir}/images:app" with "-- sh -c 'busybox grep -c : /proc/net/dev'"
      And the bundle "open" of "oci:{dir}/images:app" with "--network host -- sh -c 'busybox grep resolv.conf /proc/mounts'"
      When bundle "web" is run as container "web"
      Then it prints "1"
      When bundle "open" is run as container "open"
      Then it prints something with "/etc/resolv.conf"
