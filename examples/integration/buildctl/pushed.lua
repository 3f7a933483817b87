bk.export(bk.image("localhost:5000/site:1"))
