"""Codes of what a FreeBSD host says of mounts, interfaces, devices, modules and limits."""

TEXT = """
mount-file
  a jail cannot have a file mounted
  nullfs mounts directories only
  mount the directory that the file is in

mount-busy
  a file system is in use
  a process works in it, or it is mounted twice
  end the process, then try again

mount-path-missing
  the source or the target of a mount does not exist
  mounts in config.json
  create it, or correct the path

mount-path-unsafe
  nothing can be mounted there
  the target is a symbolic link, or leads out of the root
  name the directory that it leads to

mount-path-used
  the directory to mount on is not empty
  the file system refuses that
  name an empty directory

mount-type-mismatch
  a file cannot be mounted on a directory, nor a directory on a file
  source and target are not of one kind
  make the target of the source's kind

mount-option-unknown
  FreeBSD has no such mount option
  mounts[].options has one of Linux, or of another file system
  leave it out

not-mounted
  nothing is mounted there
  somebody unmounted it meanwhile
  nothing

interface-missing
  the network interface does not exist, or is in another jail
  freebsd.jail.vnetInterfaces or an address names it
  ifconfig -l lists them

interface-exists
  a network interface of that name exists already
  one of the host's, or left of another jail
  choose another name

interface-moved
  the network interface is not in its jail any more
  somebody took it out
  nothing

interface-invalid
  that is no name of a network interface
  freebsd.jail in config.json
  correct it

interface-failed
  the network interface could not be set up
  ifconfig refused it, as the message says
  correct the address or the interface

vnet-missing
  the jail has no network of its own
  interfaces can be moved into such a jail only
  set freebsd.jail.vnet to new

vnet-addresses
  addresses and interfaces of the jail do not fit together
  a jail with a network of its own needs its interfaces named
  name the interface in vnetInterfaces, or take vnet out

address-invalid
  that is no address
  ip4.addr or ip6.addr of the jail
  write it like 192.0.2.10/24

address-taken
  the address is in use already
  another jail or the host has it
  ifconfig shows where

address-missing
  the address is not on its interface any more
  somebody removed it
  nothing

devfs-missing
  no devfs is mounted where rules are to be applied
  mounts in config.json, or somebody unmounted it
  mount -p shows what is mounted

devfs-rule-exists
  a rule for devices of that number exists already
  another jail's, or left of one
  devfs rule showsets lists the rulesets

devfs-rule-missing
  there is no such rule or ruleset for devices, or it is in use
  somebody removed it, or another jail has it
  devfs rule showsets lists the rulesets

devfs-rule-invalid
  a rule for devices is invalid
  an annotation has a form that devfs(8) does not know
  devfs(8) has the form

ruleset-missing
  the ruleset for devices has no rules, so all devices of the host would be seen
  its number is mistyped, or /etc/devfs.rules was not loaded
  service devfs restart, or name another one

ruleset-invalid
  the ruleset for devices cannot be used
  its number is out of range, or its rules are not those that were made
  correct the annotation; devfs rule showsets lists them

module-missing
  this kernel has no such file system or interface
  its module is not loaded
  kldload it

module-failed
  the kernel module could not be loaded
  it is not installed, or of another kernel
  dmesg says why

module-loaded
  the kernel module is loaded already
  somebody loaded it meanwhile
  nothing

racct-missing
  this kernel has no resource accounting, so limits cannot be set
  it was built without RACCT and RCTL
  use a kernel such as GENERIC

racct-disabled
  limits cannot be set, because resource accounting is off
  it is off by default
  kern.racct.enable=1 in /boot/loader.conf, then reboot

rule-invalid
  a limit is malformed
  linux.resources has a value that rctl(8) does not take
  correct it in config.json

rule-missing
  there is no such limit
  it was removed meanwhile
  rctl lists them

rule-unsupported
  the limit cannot be had
  its resource does not know that action
  rctl(8) lists them

rule-failed
  a limit could not be set
  the kernel refused it, as the message says
  see the message

cpus-invalid
  the list of processors cannot be used
  linux.resources.cpu.cpus is no list such as 0-3,7, or names more than there are
  cpuset -g lists them

setting-missing
  this kernel has no such setting
  its module is not loaded, or the name is mistyped
  sysctl -a lists them

setting-read-only
  the setting cannot be changed while the kernel runs
  it is fixed, or a tunable of the boot
  put it into /boot/loader.conf and reboot

setting-invalid
  the setting cannot have that value
  sysctl in config.json
  sysctl -d NAME says what it is

resource-busy
  something is in use
  another process has it
  try again when that has ended

resources-exhausted
  the host has no memory, processes or files left
  limits of the host or of the user
  see limits(1) and rctl(8)
"""
