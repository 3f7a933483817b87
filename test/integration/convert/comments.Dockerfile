# The first comment is about the file.

# Two lines
# about the argument.
ARG TAG=latest

# About the stage.
FROM busybox:${TAG} AS only

# About the directory.
WORKDIR /app
   # indented comment
RUN true
# About the command.
CMD ["true"]
# The end.
