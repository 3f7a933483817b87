FROM busybox
RUN <<EOF
set -e
echo one > /one
  echo "$((1 + 1))" > /two
EOF
RUN <<'EOF'
#!/bin/busybox ash
echo "$0" > /zero
EOF
RUN cat <<EOF > /file && echo done > /done
some text $((3 * 3))
EOF
RUN <<-EOF
	echo tabs > /tabs
		echo more >> /tabs
EOF
RUN cat <<A - <<B > /ab
a
A
b
B
RUN <<EOF cat > /name
EOF
