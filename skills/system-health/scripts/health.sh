#!/bin/sh
# One look at a Linux machine. Reads only. Lines that begin with "!" are over a limit.
LC_ALL=C
export LC_ALL

have() { command -v "$1" > /dev/null 2>&1; }

echo "## Load"
cores=$(nproc 2> /dev/null || echo 1)
awk -v cores="$cores" -v up="$(cut -d. -f1 /proc/uptime)" '{
  mark = ($2 > cores * 1.5) ? "! " : "  "
  printf "%sload %s %s %s on %d cores, up %d d %d h\n", mark, $1, $2, $3, cores, up / 86400, (up % 86400) / 3600
}' /proc/loadavg

echo "## Memory"
awk '/^(MemTotal|MemAvailable|SwapTotal|SwapFree):/ { v[$1] = $2 / 1048576 } END {
  mark = (v["MemAvailable:"] < v["MemTotal:"] * 0.08) ? "! " : "  "
  printf "%s%.1f of %.1f GB available", mark, v["MemAvailable:"], v["MemTotal:"]
  if (v["SwapTotal:"] > 0) printf ", swap %.1f of %.1f GB used", v["SwapTotal:"] - v["SwapFree:"], v["SwapTotal:"]
  print ""
}' /proc/meminfo

echo "## Disks"
df -P -x tmpfs -x devtmpfs -x overlay -x squashfs -x efivarfs 2> /dev/null | awk 'NR > 1 && !seen[$1]++ {
  use = $5 + 0
  printf "%s%s %s used, %.1f GB free\n", (use >= 90 ? "! " : "  "), $6, $5, $4 / 1048576
}'
df -Pi -x tmpfs -x devtmpfs -x overlay -x squashfs -x efivarfs 2> /dev/null |
  awk 'NR > 1 && $5 + 0 >= 90 { print "! " $6 " has used " $5 " of its inodes" }'

echo "## Largest processes"
ps -eo pid,user,%cpu,%mem,etime,comm --sort=-%cpu 2> /dev/null | head -n 4 | sed 's/^/  /'
ps -eo pid,user,%cpu,%mem,etime,comm --sort=-%mem 2> /dev/null | sed -n '2,4s/^/  /p'
stuck=$(ps -eo stat 2> /dev/null | grep -c '^D')
[ "$stuck" -gt 2 ] && echo "! $stuck processes wait for a disk (state D)"

if have systemctl && [ -d /run/systemd/system ]; then
  echo "## Services"
  failed=$(systemctl list-units --failed --plain --no-legend --no-pager 2> /dev/null | awk '{print $1}')
  user_failed=$(systemctl --user list-units --failed --plain --no-legend --no-pager 2> /dev/null | awk '{print $1 " (user)"}')
  if [ -n "$failed$user_failed" ]; then
    printf '%s\n%s\n' "$failed" "$user_failed" | sed '/^$/d; s/^/! failed: /'
  else
    echo "  none failed"
  fi
fi

if have journalctl; then
  errors=$(journalctl -p err --since '-1h' --no-pager -q -o cat 2> /dev/null | cut -c1-160 | sort | uniq -c | sort -rn | head -n 5)
  if [ -n "$errors" ]; then
    echo "## Errors of the last hour, how often"
    printf '%s\n' "$errors"
  fi
fi

for zone in /sys/class/thermal/thermal_zone*/temp; do
  [ -r "$zone" ] || continue
  heat=$(($(cat "$zone" 2> /dev/null || echo 0) / 1000))
  [ "$heat" -ge 85 ] && echo "! ${zone%/temp} is at $heat °C"
done

[ -e /var/run/reboot-required ] && echo "! a restart is pending: $(tr '\n' ' ' < /var/run/reboot-required)"
exit 0
