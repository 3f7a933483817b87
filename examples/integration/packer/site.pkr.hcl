variable "version" {
  type    = string
  default = "dev"
}

source "null" "site" {
  communicator = "none"
}

build {
  sources = ["source.null.site"]

  provisioner "shell-local" {
    environment_vars = ["VERSION=${var.version}"]
    inline = [
      "luakit build --build-arg VERSION --tag site:$VERSION --output type=docker,dest=site.tar",
    ]
  }

  post-processors {
    post-processor "artifice" {
      files = ["site.tar"]
    }
    post-processor "checksum" {
      checksum_types = ["sha256"]
      output         = "site.tar.{{.ChecksumType}}"
    }
    post-processor "manifest" {
      output = "packer-manifest.json"
    }
  }
}
