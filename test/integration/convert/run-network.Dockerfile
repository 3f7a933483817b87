FROM busybox
RUN --network=none ls /sys/class/net > /net.txt
RUN --network=default true
RUN --security=sandbox true
