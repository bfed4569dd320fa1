"""Codes of bundles: config.json, the rootfs, and what nexcage keeps beside them."""

TEXT = """
bundle-missing
  the bundle does not exist, or is none
  the directory is mistyped, removed, no directory, or was not made by nexcage
  correct the path; nexcage bundle create makes one

bundle-exists
  the directory for the new bundle exists already
  an earlier bundle create
  name another directory, or nexcage bundle delete DIR first

bundle-config-missing
  the bundle has no config.json
  the wrong directory was named, or the bundle is not finished
  name the bundle with --bundle DIR, or write a config.json with nexcage spec

bundle-config-unreadable
  config.json cannot be read
  it is no regular file, too large, or its owner does not let this user read it
  correct its mode or what lies there

bundle-config-malformed
  config.json is no JSON object
  a comma, a quote or a bracket is missing or too many, a key stands twice, or it is not UTF-8
  correct it at the line and column of the message

bundle-invalid
  a property in config.json has a value that the specification does not allow
  the property that the message names, with its JSON path
  correct it; nexcage bundle validate DIR lists all of them

bundle-version
  config.json is written for a version of the specification that nexcage does not read
  ociVersion is no version, or later than 1.3
  make the bundle for a version from 1.0.0 to 1.3

bundle-doubtful (warning)
  config.json has something that the specification advises against, or that has no effect
  told by nexcage bundle validate only
  correct it, or let it be

unknown-property (warning)
  config.json has a property that the specification does not know
  it is mistyped, or for another program; told by nexcage bundle validate only
  correct its name, or take it out

unsupported-property
  the driver cannot honour a property of config.json
  going on without it would give less isolation or other limits than asked for
  choose another driver, take the property out, or accept it with --permissive

bundle-rootfs-missing
  the root file system of the bundle does not exist
  root.path in config.json names nothing, or its layers are not mounted
  correct root.path, or unpack the image there

bundle-mount-source-missing
  the source of a mount does not exist
  mounts[].source in config.json, or the value of --volume, names nothing
  create it first, or correct the path

bundle-mount-source-unreadable
  the source of a mount cannot be looked at
  a directory above it does not let this user in
  correct the modes, or run it as root

bundle-mount-kind
  a file is to be mounted on a directory, or a directory on a file
  source and destination are not of one kind
  correct one of the two

bundle-mount-twice
  two mounts have one destination
  the second would hide the first
  take one of the two out of config.json

bundle-hook-missing
  the program of a hook does not exist or cannot be executed
  hooks[].path in config.json
  correct the path, or install the program

bundle-wanted
  the driver makes containers of bundles only
  an image was named where a bundle has to be
  make one: nexcage bundle create --from IMAGE DIR

bundle-foreign
  the bundle was not made by nexcage, or belongs to somebody else
  its record is missing, was replaced, or its directory has another owner
  make the bundle again, or remove it by hand

bundle-in-use
  a container was made of the bundle
  it has not been deleted
  remove the container first: nexcage delete ID

bundle-mounted
  something is still mounted below the bundle
  a mount of yours, or of a container that still runs
  unmount it, then try again

bundle-layers-missing
  the cache has lost layers that the bundle stands on
  somebody removed files of the cache
  make the bundle again from its source

bundle-record-malformed
  what nexcage has written down about the bundle cannot be read
  the file .nexcage/bundle.json was edited or cut short
  make the bundle again

manifest-missing
  the bundle has no manifest, so that nothing can be compared with it
  it was not made by nexcage, or the file was removed
  make the bundle again

manifest-unreadable
  the manifest of the bundle cannot be read
  its owner does not let this user read it, or it is no regular file
  run it as its owner or as root

manifest-malformed
  the manifest of the bundle is damaged
  the file manifest.mtree was edited or cut short
  make the bundle again

not-as-in-the-image (warning)
  files of the bundle differ from those of the image
  the file system, or a user who is not root, cannot give owners, devices or attributes
  make the bundle as root, or on a file system that has them

no-program
  there is no program to run
  neither the source nor the command line names one
  add -- PROGRAM ARGUMENT..., or --arg for each word

env-unset (warning)
  a variable that was to be handed on is not set
  --env NAME without a value takes the caller's, and there is none
  set it, or write --env NAME=VALUE

user (warning)
  the image's user is taken for root
  without root only one user can be had, who sees itself as root
  make the bundle as root

image-env (warning)
  a variable of the image is left out
  it is no NAME=VALUE
  correct the image

image-label (warning)
  a label of the image is left out
  its name is reserved or cannot be an annotation
  correct the image

image-volume (warning)
  a volume of the image is left out
  it would hide a file system of the kernel
  correct the image

template-missing
  the template does not exist
  --template, or template: of a source, names nothing
  nexcage bundle template, or pvesm list STORAGE --content vztmpl, lists what there is

template-invalid
  the template cannot be used
  it is no valid Jinja text, gives no valid config.json, or is none of Proxmox VE's templates
  correct it at the line of the message

device-missing
  a device does not exist
  --device, linux.devices, or the container's configuration names one that this host does not have
  ls -l shows what is there

platform-invalid
  that is no platform
  the value of --platform is not of the form os/arch
  write it like linux/arm64

rootfs-unsupported
  this way to make a rootfs is not for this system
  --rootfs overlay and reflink are Linux's
  use --rootfs copy, or leave it out

overlay-failed
  the layers could not be mounted as an overlay
  the kernel or the file system of the cache refuses it
  use --rootfs copy

reflink-unsupported
  the file system cannot share blocks between files
  cache and bundle are not on one btrfs or xfs
  use --rootfs copy or overlay, or directories on one such file system

unmount-failed
  something could not be unmounted
  a process still uses it
  end that process, then try again

rootfs-missing
  mounts need a rootfs of their own
  volumes were asked for without a rootfs on a storage
  add --rootfs-size or --storage

tar-missing
  tar is not installed, which packs the rootfs
  the host has only a minimal system
  apt install tar
"""
