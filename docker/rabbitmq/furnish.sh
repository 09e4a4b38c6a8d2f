#!/bin/bash
# furnish.sh ROOT: turns a root file system with Debian's rabbitmq-server into one that starts as a container.
# Called by image.sh on the tree before it is packed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$1
install -m 755 "$here/docker-entrypoint.sh" "$root/usr/local/bin/"
install -D -m 644 "$here/10-defaults.conf" "$root/etc/rabbitmq/conf.d/10-defaults.conf"
echo '[rabbitmq_management,rabbitmq_prometheus].' > "$root/etc/rabbitmq/enabled_plugins"
# Each container makes a cookie of its own; the package's settings would overrule ours; the mirror is this
# machine's affair.
rm -rf "$root/var/lib/rabbitmq/.erlang.cookie" "$root/etc/rabbitmq/rabbitmq-env.conf"
rm -rf "$root"/etc/apt/sources.list*
chroot "$root" chown -R rabbitmq:rabbitmq /etc/rabbitmq /var/lib/rabbitmq /var/log/rabbitmq
