---What a build script has of the library `os`.
---@class oslib
os = {}

---A build argument (`--build-arg`), or a variable of the host that `--env NAME` passes on.
---@param name string Its name.
---@return string? # nil when nobody gave it
function os.getenv(name) end

---Seconds since 1970, now or at a date.
---@param date? table Its `year`, `month` and `day`; `hour`, `min`, `sec` and `isdst` may be left out.
---@return integer
function os.time(date) end

---A time as text.
---@param format? string As of C's strftime; `"*t"` gives a table. Default: `"%c"`.
---@param time? integer Seconds since 1970. Default: now.
---@return string|table
function os.date(format, time) end

---Seconds since the script began.
---@return number
function os.clock() end

---Lua 5.1's name of `table.unpack`.
unpack = table.unpack

---Lua 5.1's `load`: of text only.
---@param text string
---@param chunkname? string
---@return any # the function, nil when something is wrong with the text
---@return string? # what is wrong with the text
function loadstring(text, chunkname) end
