from busybox as Build
run echo lower > /lower
From busybox As FINAL
copy --from=BUILD /lower /lower
Env a=b
cmd ["x"]
