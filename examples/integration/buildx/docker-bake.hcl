variable "REGISTRY" {
  default = "localhost:5000"
}

group "default" {
  targets = ["image"]
}

target "image" {
  name       = "image-${customer}"
  matrix     = { customer = ["ada", "grace"] }
  dockerfile = "build.lua"
  target     = "image"
  args       = { CUSTOMER = customer }
  contexts = {
    base     = "docker-image://busybox"
    pictures = "pictures"
  }
  tags   = ["${REGISTRY}/site:${customer}"]
  output = ["type=registry"]
}
