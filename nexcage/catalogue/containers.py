"""Codes of containers and of what is written down about them."""

TEXT = """
container-missing
  the container does not exist
  its id is mistyped, it has been deleted, or its record is below another --root
  nexcage list shows which there are

container-exists
  a container of that id exists already
  an earlier create, also one of another user of the same --root
  choose another id, or nexcage delete ID first

container-creating
  another command is just creating the container
  two commands for one id ran at once
  wait until it is done

container-half-made
  the container was never finished
  its create was killed or the host went down
  nexcage repair, or nexcage delete --force ID

container-locked
  another command works on the container
  a start, stop or delete of the same container has not ended yet
  try again when it has

container-elsewhere
  the container is on another node of the cluster now
  it was migrated
  run nexcage on that node, or move it back with pct migrate

wrong-status
  the container's status does not allow the operation
  for example start of a running container, or delete of one that runs
  see nexcage state ID; delete --force and stop end a running one

not-running
  the container does not run
  its program has ended, or it was never started
  see nexcage state ID and nexcage logs ID

not-created
  the container cannot be started, for its waiting process has gone
  somebody killed it, or memory ran out
  nexcage delete ID, then create it again

start-failed
  the container did not start, or ended at once
  the message or the driver's log says why
  nexcage logs ID; on Proxmox VE pct start VMID --debug 1

pause-failed
  not all processes of the container could be stopped
  new ones turn up faster than they can be stopped
  limit their number first: nexcage update --pids-limit

executable-missing
  the program to run does not exist in the container
  process.args, or the words after exec, name a program that is not in the rootfs or not on its PATH
  correct the name, or install it in the image

executable-denied
  the program to run may not be executed
  its file has no execute permission, or is a directory
  chmod +x it in the rootfs

exec-failed
  a program could not be started in the container
  the kernel or the driver refused it, as the message says
  see the message; --debug shows the command line

shell-missing
  exec --cwd needs a shell in the container
  the container has no /bin/sh
  leave out --cwd, or give the program an absolute path

user-missing
  the user or group does not exist in the container
  its /etc/passwd or /etc/group has no such name
  give numbers

user-refused
  the program could not become its user
  the system refuses the user, its groups or its login class
  see the message; check process.user in config.json

cwd-missing
  the program's working directory cannot be entered
  process.cwd or --cwd names a directory that is not in the rootfs
  correct it, or create the directory in the image

rlimit-failed
  a limit of the process could not be set
  process.rlimits asks for more than the host gives
  lower it in config.json

rlimit-invalid
  a limit of the process is unknown, or above the host's
  process.rlimits, or the container's own configuration
  lower it, or take it out

process-failed
  the container's process could not be set up
  the system refused groups, user or another property of the process
  see the message; check process in config.json

terminal-failed
  the terminal of the process could not be made
  the container has no devices for terminals, or the system has none left
  mount devfs in the container, or create it without process.terminal

held-failed
  the process that waits for start has failed
  it was killed, or something unforeseen happened in it
  see the message; report it with the output of --debug

hook-failed
  a hook of the bundle failed or took too long
  the program that the message names; a failing poststop hook is only a warning
  correct the hook in config.json

clipped (warning)
  a limit, a priority or a capability was lowered to what this host may give
  the host is itself restricted, for example a container
  give less in config.json, or refuse it with --clip never

property-ignored (warning)
  the driver cannot honour a property, and goes on without it
  isolation and limits do not suffer from it, or --permissive was given
  take the property out, or choose another driver

undo-failed (warning)
  what a failed command had begun is not undone completely
  the host or the driver failed again
  nexcage repair

state-corrupt
  a record on disk cannot be read
  the disk was full, or somebody edited or replaced the file
  nexcage repair makes it anew from the driver where that is possible

state-newer
  a record was written by a later version of nexcage
  nexcage was downgraded
  use the version that wrote it

journal-invalid
  the journal of an interrupted command cannot be followed
  the file was edited, or written by another version
  nexcage delete --force ID

logs-not-kept
  the output of the container is not kept
  it was created without --stdio log, so its output went to whoever created it
  create it with --stdio log

output-invalid
  a tool of the host printed something that cannot be understood
  another version of the tool, or output that was cut off
  see its version with nexcage check drivers; report it with the output of --debug

rootfs-moved
  the root file system is not where it was when the container was made
  the bundle was moved or removed, and runc needs it
  move the bundle back

file-missing
  a file does not exist
  the name is mistyped, or the file has been removed
  correct the name that the message has

file-exists
  the file to be written exists already
  an earlier pull or spec
  replace it with --force, or name another one

file-invalid
  what was named is no regular file, or its name cannot be used
  it is a directory, a device or a socket
  name a regular file; pack directories into an archive first

file-unreadable
  a file on the node cannot be read
  it does not exist there, or belongs to somebody else
  ls -l shows what it is

directory-missing
  a directory does not exist
  the path of the message is mistyped or has been removed
  create it, or correct the path

path-invalid
  a path in the container cannot be used
  it is not absolute, or has a NUL character
  begin it with /

copy-missing
  a copied file was not made, though the tool reported no failure
  the place is full, or something removed it at once
  try again; df shows the space

copy-incomplete
  a copied file has not all bytes
  it changed while it was copied, or the place is full
  try again when nothing writes to it

copy-failed
  a file could not be copied into or out of the container
  the path does not exist on the other side, or is not readable
  correct the path that the message has
"""
