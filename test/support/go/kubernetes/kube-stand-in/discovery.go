package main

import (
	"net/http"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var verbs = metav1.Verbs{"create", "get", "list"}

func addDiscovery(mux *http.ServeMux) {
	apps := metav1.GroupVersionForDiscovery{GroupVersion: "apps/v1", Version: "v1"}
	answers := map[string]any{
		"/api": metav1.APIVersions{TypeMeta: metav1.TypeMeta{Kind: "APIVersions"}, Versions: []string{"v1"}},
		"/apis": metav1.APIGroupList{
			TypeMeta: metav1.TypeMeta{Kind: "APIGroupList", APIVersion: "v1"},
			Groups: []metav1.APIGroup{{
				Name: "apps", Versions: []metav1.GroupVersionForDiscovery{apps}, PreferredVersion: apps,
			}},
		},
		"/api/v1": resources("v1",
			metav1.APIResource{Name: "pods", SingularName: "pod", ShortNames: []string{"po"}, Kind: "Pod"},
			metav1.APIResource{Name: "services", SingularName: "service", Kind: "Service"},
			metav1.APIResource{Name: "configmaps", SingularName: "configmap", Kind: "ConfigMap"},
			metav1.APIResource{Name: "secrets", SingularName: "secret", Kind: "Secret"},
		),
		"/apis/apps/v1": resources("apps/v1",
			metav1.APIResource{Name: "deployments", SingularName: "deployment", Kind: "Deployment"},
		),
	}
	for path, value := range answers {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, value) })
	}
}

func resources(version string, list ...metav1.APIResource) metav1.APIResourceList {
	for index := range list {
		list[index].Namespaced = true
		list[index].Verbs = verbs
	}
	return metav1.APIResourceList{
		TypeMeta: metav1.TypeMeta{Kind: "APIResourceList", APIVersion: "v1"}, GroupVersion: version, APIResources: list,
	}
}
