/** Shows the numbers under the pointer. The page reads without it. */
export const script = `
(()=>{
const number=(x,kind)=>{
  if(x===null)return '\\u2013';
  if(kind==='percent')return (x*100).toFixed(2)+' %';
  if(kind==='money')return x.toLocaleString('en-US',{notation:'compact',maximumSignificantDigits:4});
  return x.toLocaleString('en-US',{maximumSignificantDigits:kind==='whole'?12:4,maximumFractionDigits:kind==='whole'?0:6});
};
for(const plot of document.querySelectorAll('.plot')){
  const block=plot.querySelector('script[type="application/json"]');
  if(!block)continue;
  let data;
  const area=plot.querySelector('.area'),cursor=plot.querySelector('.cursor');
  let tip;
  const hide=()=>{cursor.style.display='none';if(tip){tip.remove();tip=undefined;}};
  const show=(event)=>{
    data??=JSON.parse(block.textContent);
    const box=area.getBoundingClientRect(),n=data.times.length;
    if(n===0)return;
    const i=Math.max(0,Math.min(n-1,Math.round((event.clientX-box.left)/box.width*(n-1))));
    const at=n>1?i/(n-1):.5;
    cursor.style.display='block';cursor.style.left=at*100+'%';
    if(!tip){tip=document.createElement('div');tip.className='tip';area.append(tip);}
    tip.textContent='';
    const head=document.createElement('b');head.textContent=data.times[i];tip.append(head);
    for(const line of data.lines){
      const row=document.createElement('div'),mark=document.createElement('i');
      mark.className='c'+line.color;
      row.append(mark,(data.lines.length>1?line.name+'  ':'')+number(line.values[i],data.kind));
      tip.append(row);
    }
    tip.style.left=at<.5?'calc('+at*100+'% + 10px)':'';
    tip.style.right=at<.5?'':'calc('+(1-at)*100+'% + 10px)';
  };
  area.addEventListener('pointermove',show);
  area.addEventListener('pointerdown',show);
  area.addEventListener('pointerleave',hide);
}
})();
`;
