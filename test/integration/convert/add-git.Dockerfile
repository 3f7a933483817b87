FROM busybox
ADD GIT_URL#main /repo
ADD --keep-git-dir=false --checksum=GIT_COMMIT GIT_URL /checked
