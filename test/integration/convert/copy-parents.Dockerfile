FROM busybox
COPY --parents src/nested/deep.txt docs /parents/
COPY --parents src/./nested/deep.txt /pivot/
COPY --parents src/**/*.txt /glob/
COPY --exclude=*.md --exclude=nested src /excluded/
COPY --parents --exclude=*.md src docs /both/
