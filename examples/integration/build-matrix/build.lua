-- One script for every combination of a release and a flavour.
local releases = { "1.36", "1.37", "1.38" }
local flavours = { full = { "docs", "tools" }, slim = {} }

local base = bk.image("busybox:1")
local parts = {
  docs = base:run("echo manual > /manual.txt", { name = "docs" }),
  tools = base:run("echo debugger > /debugger.txt", { name = "tools" }),
}

local function build(release, wanted)
  local built = base:run("echo " .. release .. " > /release.txt", { name = "build " .. release })
  local layers = { bk.diff(base, built) }
  for _, part in ipairs(wanted) do
    layers[#layers + 1] = bk.diff(base, parts[part])
  end
  return bk.merge(base, table.unpack(layers))
end

local function name(release, flavour)
  return release .. "-" .. flavour
end

-- One target for each cell.
for _, release in ipairs(releases) do
  for flavour, wanted in pairs(flavours) do
    bk.target(name(release, flavour), { description = "release " .. release .. ", " .. flavour }, function()
      return build(release, wanted), { env = { RELEASE = release }, labels = { flavour = flavour } }
    end)
  end
end

-- All cells in one result, each in its own directory.
bk.target("all", { default = true, description = "the files of every cell" }, function()
  local cells = {}
  for _, release in ipairs(releases) do
    for flavour, wanted in pairs(flavours) do
      local files = build(release, wanted)
      cells[#cells + 1] = bk.scratch():copy(files, "/*.txt", "/" .. name(release, flavour) .. "/")
    end
  end
  return bk.merge(cells)
end)
