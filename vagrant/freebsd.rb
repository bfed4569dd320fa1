# SPDX-License-Identifier: Apache-2.0
# frozen_string_literal: true

# Vagrant itself boots only Linux and Windows again, where a part of a machine's provisioning asks for it.
module FreeBSDReboot
  MARK = "/var/run/nexcage-reboot" # FreeBSD empties this directory when it boots
  PAUSE = 5
  PATIENCE = 300 # seconds

  def self.reboot(machine)
    machine.communicate.sudo("touch #{MARK} && shutdown -r now", error_check: false)
    machine.ui.info("Waiting for FreeBSD to boot...")
    (PATIENCE / PAUSE).times do
      sleep PAUSE
      return if booted?(machine)
    end
    raise Vagrant::Errors::MachineGuestNotReady
  end

  def self.booted?(machine)
    machine.communicate.ready? && machine.communicate.test("test ! -e #{MARK}")
  rescue StandardError # the connection went with the old system
    machine.communicate.reset!
    false
  end

  # What makes it known to Vagrant.
  class Plugin < Vagrant.plugin("2")
    name "reboot of FreeBSD"
    guest_capability(:freebsd, :reboot) { FreeBSDReboot }
  end
end
