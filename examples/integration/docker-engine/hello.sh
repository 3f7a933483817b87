#!/bin/sh
echo "Hello, $NAME, from user $(id -u)"
