@root @issue-88
Feature: What a caller can rely on
  An engine starts the runtime as one step of many. The runtime is no parent in the way: the container's first
  process becomes the caller's, and what the caller has set up reaches the driver untouched.

  @oci
  Rule: The first process belongs to the caller

    Scenario: A subreaper gets the container's first process as its child, and its end
      Given a bundle that runs "sleep 100"
      When a subreaper creates, starts and kills container "web"
      Then it succeeds
      And the subreaper was the parent of the container's first process
      And the subreaper was told that signal 9 ended it

  @nexcage
  Rule: The driver is started in the caller's own surroundings

    Scenario: Environment, directory and umask
      Given the driver notes how it is started
      And the umask of the caller is 0027
      And the variable "LISTEN_FDS" of the caller is "0"
      And the variable "NOTIFY_SOCKET" of the caller is "{dir}/notify"
      And the variable "_OCI_SYNCPIPE" of the caller is "9"
      And the variable "LC_ALL" of the caller is "de_DE.ISO-8859-1"
      And a bundle
      When container "web" is created
      Then it succeeds
      And file "driver.umask" says "0027"
      And file "driver.cwd" says "{dir}"
      And file "driver.env" contains "LISTEN_FDS=0"
      And file "driver.env" contains "NOTIFY_SOCKET={dir}/notify"
      And file "driver.env" contains "_OCI_SYNCPIPE=9"
      And file "driver.env" contains "LC_ALL=de_DE.ISO-8859-1"

    Scenario: Records are private whatever the umask
      Given the umask of the caller is 0000
      And a created container "web"
      Then file "{root}" has mode 700
      And file "{root}/web" has mode 700
      And file "{root}/web/record.json" has mode 600

  @nexcage
  Rule: A process that a hook leaves behind is not waited for

    @crun
    Scenario: A hook starts a daemon that keeps standard error open
      Given a bundle
      And a file "daemon" that reads
        """
        #!/bin/sh
        sleep 20 &
        echo $! >{dir}/daemon.pid
        """
      And "daemon" has mode 755
      And its config.json has $.hooks.poststart set to the JSON [{"path": "{dir}/daemon"}]
      And a created container "web"
      When the runtime is called with "--log-level error start web"
      Then it succeeds within 5 seconds
      And the process in file "daemon.pid" is ended
