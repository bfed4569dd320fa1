"""Codes of values that pct does not take, found by nexcage beforehand or by pct itself."""

TEXT = """
parameter-invalid
  a parameter of a Proxmox VE tool has a value that it cannot have
  an option, an annotation io.nexcage.pct.NAME or a key proxmox.NAME
  correct it; "man pct" has the forms

parameter-missing
  a parameter that is needed is missing
  the tool, or the jail, cannot do without it
  give it

parameters-invalid
  several parameters have values that they cannot have
  the message lists them
  correct them

parameter-unknown
  a parameter is unknown to this release
  it is mistyped, or a module or a later release is needed for it
  take it out, or load the module that the hint names

option-invalid
  an option cannot be given like this
  its value has the wrong form, or its name is ambiguous
  correct it; "man pct" has the forms

option-missing
  an option that is needed is missing
  a storage or a volume cannot do without it
  give it

option-unknown
  this version of the tool has no such option
  it is older than the option
  leave it out, or upgrade Proxmox VE

option-value-missing
  an option has no value
  the value was forgotten, or is an empty variable
  give it

options-conflict
  an option cannot be set and removed at once
  both were asked for
  take one of the two out

boolean-invalid
  an option that is on or off has another value
  the value is neither 1 nor 0
  write 1 or 0

value-invalid
  the system or a tool refuses a value
  it is too long, malformed or not allowed there
  correct what the message names

arguments-missing
  a tool of Proxmox VE needs more arguments
  another version of the tool, or a defect of nexcage
  report it with the output of --debug

arguments-surplus
  a tool of Proxmox VE takes fewer arguments
  another version of the tool, or a defect of nexcage
  report it with the output of --debug

arguments-invalid
  a tool of Proxmox VE does not take these arguments
  another version of the tool, or a defect of nexcage
  report it with the output of --debug

command-missing
  a tool was called without a command, or the container has no program
  another version of the tool, or an empty process.args
  give the program after the id

command-unknown
  a tool of Proxmox VE has no such command
  another version of the tool
  pveversion shows the version

path-unknown
  the API of Proxmox VE has no such path
  another version, or a mistyped path
  pvesh ls shows what is there

arch-invalid
  the architecture cannot be used
  proxmox.arch, its annotation, or the image has one that pct does not know
  use amd64, arm64, armhf, i386, riscv32 or riscv64

cores-invalid
  the number of cores cannot be used
  proxmox.cores or its annotation is out of range
  give a number from 1 to 8192

cpu-invalid
  a limit of processor time cannot be used, or names a processor that is not there
  linux.resources.cpu, proxmox.cpulimit or proxmox.cpuunits
  correct it; nproc shows how many there are

memory-invalid
  a memory size cannot be used
  linux.resources.memory, proxmox.memory or proxmox.swap is too small or malformed
  give at least 16 MiB

size-invalid
  the size of a disk cannot be used
  --rootfs-size is malformed, or larger than the disk's format can be
  give it in GiB, such as 8

hostname-invalid
  the host name cannot be used
  hostname in config.json, or the id it was taken from, is no DNS name or too long
  use letters, digits and dashes

domainname-invalid
  the domain name cannot be used
  domainname in config.json is longer than 255 bytes, or has a blank
  correct it

description-invalid
  the description cannot be used
  it has a control character, or is too long
  correct it

tags-invalid
  the tags cannot be used
  proxmox.tags or its annotation has other characters than letters, digits and - _ + .
  part them by semicolons

net-invalid
  a network interface of the guest cannot be used
  network.net, proxmox.net or its annotation has a wrong key, address or combination
  write it like name=eth0,bridge=vmbr0,ip=dhcp

nameserver-invalid
  a name server or a search domain cannot be used
  proxmox.nameserver or proxmox.searchdomain is no address or name
  correct it

features-invalid
  the features of the guest cannot be used
  proxmox.features or its annotation has a name or value that pct does not know
  write them like nesting=1,keyctl=1

device-invalid
  a device cannot be given to the container
  linux.devices has a path that is no name of one device, or a mode that cannot be had
  correct it in config.json

entrypoint-invalid
  the program of the image cannot be handed to pct
  process.args has a line feed or another character that pct does not take
  correct it in config.json

env-invalid
  the environment cannot be handed to pct
  process.env has a line feed or another character that pct does not take
  correct it in config.json

hookscript-invalid
  the hook script is no volume
  proxmox.hookscript or its annotation is not of the form STORAGE:snippets/FILE
  write it like local:snippets/hook.pl

hookscript-missing
  the hook script does not exist or is not executable
  the storage has no such snippet
  put it there and chmod +x it

mount-invalid
  a mount cannot be used
  a volume, an option or a part of it is malformed
  correct mounts in config.json

ostype-invalid
  the kind of operating system is unknown to pct
  proxmox.ostype, --ostype or its annotation
  use unmanaged, or one that "man pct" lists

password-invalid
  the password cannot be used
  it is shorter than 5 characters
  choose a longer one

pool-invalid
  the name of the pool cannot be used
  proxmox.pool or its annotation has other characters than letters, digits and - _ .
  correct it

reference-invalid
  the reference of the image cannot be used
  it is no NAME:TAG
  correct it

rootfs-invalid
  the rootfs of the guest cannot be used
  --rootfs-size, --storage or their annotations contradict each other or are malformed
  correct them

storage-invalid
  the name of the storage cannot be used
  --storage, proxmox.storage or its annotation is no name of a storage
  pvesm status lists them

timezone-invalid
  the time zone is unknown
  proxmox.timezone or its annotation
  use host, or a name such as Europe/Prague

unprivileged-invalid
  the guest cannot be privileged or unprivileged as asked
  proxmox.unprivileged contradicts the user namespace in config.json
  correct one of the two

cmode-invalid
  the console's mode is unknown
  proxmox.cmode or its annotation
  use shell, console or tty

debug-invalid
  the option debug is neither on nor off
  proxmox.debug or its annotation
  write 1 or 0

ha-managed-invalid
  the guest cannot be given to high availability like this
  the value is neither 1 nor 0, or Proxmox VE is older than 9.1
  write 1 or 0, or leave it out

onboot-invalid
  the option onboot is neither on nor off
  proxmox.onboot or its annotation
  write 1 or 0

protection-invalid
  the option protection is neither on nor off
  proxmox.protection or its annotation
  write 1 or 0

startup-invalid
  the order of start-up cannot be used
  proxmox.startup or its annotation is not of the form order=N,up=N,down=N
  correct it
"""
