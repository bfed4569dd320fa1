@nexcage @root @issue-113
Feature: Check the bundles
  config.json and the rootfs still are what containers were made of: the record keeps the digest of what create has read.
  With --deep all files are compared with the manifest, for bundles that nexcage has made.

  Rule: What create has read is still there

    Scenario: Nobody touched it
      Given a created container "web"
      When bundles are checked
      Then it succeeds
      And check bundles passes "config.json of 1 container as it was at create"
      And check bundles passes "the rootfs of 1 container is there"
      And check bundles has nothing to complain of

    Scenario: config.json was changed
      Given a created container "web"
      When the bundle is changed to run "false"
      And bundles are checked
      Then it exits with status 2
      And check bundles fails "container "web": {bundle}/config.json was changed since create"

    Scenario: config.json is gone
      Given a created container "web"
      When somebody runs "mv {bundle}/config.json {dir}/elsewhere"
      And bundles are checked
      Then it exits with status 2
      And check bundles fails "container "web": {bundle}/config.json cannot be read: no such file or directory"

    Scenario: A file that was named in its place
      Given a bundle
      When somebody runs "cp {bundle}/config.json {bundle}/other.json"
      And container "web" is created with "--config other.json"
      And the bundle is changed to run "false"
      And bundles are checked
      Then check bundles has nothing to complain of
      When somebody runs "cp {bundle}/config.json {bundle}/other.json"
      And bundles are checked
      Then check bundles fails "container "web": {bundle}/other.json was changed since create"

    Scenario: The rootfs is gone
      Given a stopped container "web"
      When somebody runs "mv {rootfs} {dir}/elsewhere"
      And bundles are checked
      Then it exits with status 2
      And check bundles fails "container "web": the rootfs {rootfs} does not exist any more"
      When somebody runs "mv {dir}/elsewhere {rootfs}"
      And bundles are checked
      Then check bundles has nothing to complain of

    Scenario: A container that an older nexcage has made
      Given a created container "web"
      And a created container "db"
      And the record of container "web" knows nothing of its config.json
      When bundles are checked
      Then it exits with status 1
      And check bundles warns "1 container was made by an older nexcage, which kept no digest"
      And check bundles does not speak of "db"

  Rule: A container that does not need its bundle does not miss it

    @pct @needs-lxc
    Scenario: Files on a volume
      Given a created container "web" on a volume
      When somebody runs "mv {bundle} {dir}/elsewhere"
      And bundles are checked
      Then check bundles has nothing to complain of

  Rule: Overlays are mounted, and have their layers

    @needs-overlay
    Scenario: A bundle that was unmounted
      Given an image "app" of busybox
      And it is saved as "oci:{dir}/images:app"
      And the bundle "web" of "oci:{dir}/images:app" with "--rootfs overlay -- sleep 1000"
      When bundle "web" is created as container "web"
      And bundles are checked
      Then check bundles has nothing to complain of
      When the root of bundle "web" is unmounted by hand
      And bundles are checked
      Then it exits with status 2
      And check bundles fails "bundle {dir}/web is not mounted, and container "web" runs in it"
      When container "web" is deleted by force
      And bundles are checked
      Then check bundles has nothing to complain of

    @needs-overlay
    Scenario: A cache that was emptied
      Given an image "app" of busybox
      And it is saved as "oci:{dir}/images:app"
      And the bundle "web" of "oci:{dir}/images:app" with "--rootfs overlay -- sleep 1000"
      When bundle "web" is created as container "web"
      And somebody runs "mv {dir}/cache/layers {dir}/cache/elsewhere"
      And bundles are checked
      Then it exits with status 2
      And check bundles fails "the cache has lost 1 layer of bundle {dir}/web"
      And check bundles hints "make the bundle again from oci:{dir}/images:app"

  Rule: --deep compares all files

    Scenario: A file that somebody changed
      Given the bundle "web" of "scratch" with "--volume /bin:/bin:ro -- /bin/busybox sleep 1000"
      When bundle "web" is created as container "web"
      And the runtime is called with "check --deep bundles --format json"
      Then it succeeds
      And check bundles passes "the files of 1 bundle are those of the manifest"
      Given a file "{dir}/web/rootfs/own" that says "new"
      When bundles are checked
      Then check bundles has nothing to complain of
      When the runtime is called with "check --deep bundles --format json"
      Then it exits with status 1
      And check bundles warns "bundle {dir}/web has 1 difference from its manifest, rootfs/own: was added"
      And check bundles hints "nexcage bundle verify {dir}/web"

    Scenario: A manifest that cannot be read
      Given the bundle "web" of "scratch" with "--volume /bin:/bin:ro -- /bin/busybox sleep 1000"
      And the manifest of bundle "web" has lost its last 3 bytes
      When bundle "web" is created as container "web"
      And the runtime is called with "check --deep bundles --format json"
      Then it exits with status 2
      And check bundles fails "bundle {dir}/web: manifest.mtree: "
