local image = bk.image("localhost:5000/tool:" .. bk.arg("CELL"))
bk.export(bk.scratch():copy(image:run("{ echo $RELEASE; ls /*.txt; } > /seen"), "/seen", "/"))
