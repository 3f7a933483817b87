package main

import (
	"strings"
	"time"

	_ "crypto/sha256"
	_ "crypto/sha512"
	"github.com/containerd/platforms"
	"github.com/distribution/reference"
	"github.com/moby/buildkit/util/gitutil"
)

func imageName(input []byte) (any, error) {
	named, err := reference.ParseNormalizedNamed(string(input))
	if err != nil {
		return nil, err
	}
	named = reference.TagNameOnly(named)
	parts := map[string]string{"domain": reference.Domain(named), "path": reference.Path(named)}
	if tagged, ok := named.(reference.Tagged); ok {
		parts["tag"] = tagged.Tag()
	}
	if digested, ok := named.(reference.Digested); ok {
		parts["digest"] = digested.Digest().String()
	}
	return parts, nil
}

func platform(input []byte) (any, error) {
	parsed, err := platforms.Parse(string(input))
	if err != nil {
		return nil, err
	}
	return platforms.Format(platforms.Normalize(parsed)), nil
}

func duration(input []byte) (any, error) {
	parsed, err := time.ParseDuration(string(input))
	return float64(parsed), err
}

func gitURL(input []byte) (any, error) {
	parsed, err := gitutil.ParseURL(string(input))
	if err != nil {
		return nil, err
	}
	parts := map[string]any{"host": parsed.Host, "path": parsed.Path, "remote": parsed.Remote, "scheme": parsed.Scheme, "ref": "", "subdir": ""}
	if _, ok := parsed.User.Password(); ok {
		parts["password"] = true
	}
	if parsed.Opts != nil {
		parts["ref"] = parsed.Opts.Ref
		parts["subdir"] = strings.TrimPrefix(parsed.Opts.Subdir, "/")
	}
	return parts, nil
}
