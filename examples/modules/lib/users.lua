local M = {}

--- Adds one file per user, all of them in a single file operation.
function M.add(state, names)
  return state:files(function(f)
    f:mkdir("/etc/users.d", { make_parents = true })
    for index, name in ipairs(names) do
      f:mkfile("/etc/users.d/" .. name, ("%s:%d\n"):format(name, 1000 + index))
    end
  end)
end

return M
