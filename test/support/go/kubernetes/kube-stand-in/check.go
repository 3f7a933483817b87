package main

import (
	"errors"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

func checkDeployment(deployment *appsv1.Deployment) error {
	selector, err := metav1.LabelSelectorAsSelector(deployment.Spec.Selector)
	if err != nil {
		return err
	}
	if selector.Empty() || !selector.Matches(labels.Set(deployment.Spec.Template.Labels)) {
		return errors.New("spec.template.metadata.labels: `selector` does not match template `labels`")
	}
	return checkPod(deployment.Spec.Template.Spec)
}

// checkPod refuses what a server would that strict decoding lets through.
func checkPod(spec corev1.PodSpec) error {
	if len(spec.Containers) == 0 {
		return errors.New("spec.containers: Required value")
	}
	volumes := map[string]bool{}
	for _, each := range spec.Volumes {
		volumes[each.Name] = true
	}
	for _, each := range spec.Containers {
		if each.Name == "" || each.Image == "" {
			return errors.New("spec.containers: name and image are required")
		}
		for _, mount := range each.VolumeMounts {
			if !volumes[mount.Name] || mount.MountPath == "" {
				return fmt.Errorf("spec.containers.volumeMounts: not found: %q", mount.Name)
			}
		}
	}
	return nil
}
