"""Codes of images, archives, registries, and of the cache of layers."""

TEXT = """
source-missing
  what the bundle was to be made of does not exist
  the path, name or tag after --from is mistyped, or the image has another tag
  correct it; the message lists the tags that there are

source-invalid
  what the bundle was to be made of cannot be used
  --from names something of another kind, a name that no image can have, or the place of the bundle itself
  write KIND:PLACE as "nexcage help bundle create" shows

source-failed
  the image could not be fetched, with words that no code is known for
  skopeo or the docker daemon failed
  see the message; try skopeo inspect docker://NAME

source-changed
  a file changed while it was copied
  something writes to the source
  stop what writes there, or copy a snapshot

image-malformed
  the image does not have the form that it should have
  a file of it is missing, is no JSON, or has members of wrong types
  save or copy the image again

image-corrupt
  the image, a layer or an archive is damaged
  it was cut off, or bytes of it are wrong
  fetch or save it again

image-digest
  something in the image is not what its digest says
  it was damaged on the way, or changed
  copy the image again

image-escape
  the image tries to write outside of the rootfs
  an entry or a link of a layer leads out of it
  do not use this image

image-denied
  the image is refused
  the registry denies access to it, or --deny refuses what is in it
  log in with skopeo login, or use another image

image-too-large
  the image is larger than allowed
  --max-size or --max-files, or their defaults, are less than what it unpacks to
  allow more, if the image is trusted

image-layers
  the image has more layers than can be
  it was built that way, or it is meant to do harm
  flatten it: build it in fewer steps

image-platform
  the image is for another platform
  it was built for another system or processor
  choose one that it has with --platform, or another image

image-media-type
  a part of the image is of an unknown kind
  it is an artifact, not an image, or compressed in an uncommon way
  copy it with skopeo copy --format oci

image-unsupported
  the image is of a form that is no longer in use, or encrypted
  docker schema 1, docker save before 1.10, or encrypted layers
  push or save it again with a current tool

image-missing
  the registry has no such image or tag
  the name or the tag is mistyped
  skopeo list-tags docker://NAME lists them

skopeo-missing
  skopeo is not installed, which fetches images
  the host has only a minimal system
  install it as the hint says

authfile-missing
  the file with the registry's password does not exist
  --authfile names nothing
  correct the path, or skopeo login

registry-unavailable
  the registry cannot be reached
  its name is unknown, nothing answers there, or its certificate is not trusted
  check name, network and certificate

daemon-unavailable
  the docker daemon cannot be reached
  it does not run, or DOCKER_HOST names another place
  start docker, or set DOCKER_HOST

cache-unsafe
  the cache of layers could be changed by others
  its directory belongs to somebody else, or others may write there
  chown and chmod 0700 it, or name another one with --cache

cache-corrupt
  an entry of the cache cannot be read
  files of it were removed or changed
  delete the bundles that use it, then nexcage bundle prune

cache-busy
  the cache is pruned again and again
  other commands remove layers as fast as they are unpacked
  try again when nobody prunes it

lease-corrupt
  a file that says which bundles use a layer cannot be read
  it was edited or cut short
  remove the file that the message names, then nexcage bundle prune
"""
