package main

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
)

type object struct {
	resource  string
	namespace string
	name      string
	labels    map[string]string
	value     any
}

func (o object) key() string {
	return strings.Join([]string{o.resource, o.namespace, o.name}, "/")
}

func (o object) selected(r *http.Request) bool {
	wanted, err := labels.Parse(r.FormValue("labelSelector"))
	if err != nil || !wanted.Matches(labels.Set(o.labels)) {
		return false
	}
	field, err := fields.ParseSelector(r.FormValue("fieldSelector"))
	return err == nil && field.Matches(fields.Set{"metadata.name": o.name, "metadata.namespace": o.namespace})
}

func (o object) hasContainer(name string) bool {
	pod, ok := o.value.(*corev1.Pod)
	if !ok {
		return false
	}
	for _, each := range pod.Spec.Containers {
		if each.Name == name || name == "" {
			return true
		}
	}
	return false
}

// decode reads an object of one of our kinds. Unknown and duplicate fields are errors.
func decode(data []byte, namespace, resource string) (object, error) {
	scheme := runtime.NewScheme()
	utilruntime.Must(corev1.AddToScheme(scheme))
	utilruntime.Must(appsv1.AddToScheme(scheme))
	strict := json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme, scheme, json.SerializerOptions{Strict: true})
	value, kind, err := strict.Decode(data, nil, nil)
	if err != nil {
		return object{}, err
	}
	if fmt.Sprintf("%ss", strings.ToLower(kind.Kind)) != resource {
		return object{}, fmt.Errorf("a %s was sent to %s", kind.Kind, resource)
	}
	meta, ok := value.(metav1.Object)
	if !ok || meta.GetName() == "" {
		return object{}, errors.New("metadata.name: Required value")
	}
	switch typed := value.(type) {
	case *corev1.Pod:
		err = checkPod(typed.Spec)
		run(typed, namespace)
	case *appsv1.Deployment:
		err = checkDeployment(typed)
	case *corev1.Service, *corev1.ConfigMap, *corev1.Secret:
	default:
		err = fmt.Errorf("no kind of ours: %s", kind)
	}
	return object{resource, namespace, meta.GetName(), meta.GetLabels(), value}, err
}

// podsOf gives the pods that a controller would make.
func podsOf(created object) []object {
	deployment, ok := created.value.(*appsv1.Deployment)
	if !ok {
		return nil
	}
	template := deployment.Spec.Template
	pod := &corev1.Pod{
		TypeMeta:   metav1.TypeMeta{Kind: "Pod", APIVersion: "v1"},
		ObjectMeta: *template.ObjectMeta.DeepCopy(),
		Spec:       template.Spec,
	}
	pod.Name = created.name + "-5d8f7c9b6d-x2x7p"
	run(pod, created.namespace)
	return []object{{"pods", created.namespace, pod.Name, pod.Labels, pod}}
}

func run(pod *corev1.Pod, namespace string) {
	pod.Namespace = namespace
	pod.Status = corev1.PodStatus{
		Phase:      corev1.PodRunning,
		Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}},
	}
}
